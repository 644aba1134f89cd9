// The inner loops of the engine: no allocation, no threads, no state but the table of variants.
//
// Every kernel exists once, in vector-extension C (`src/*.inc.h`), and is compiled three times: for
// AVX-512, for AVX2 with FMA, and for whatever the architecture offers at least. The variant is
// chosen once, by cpuid, or by HONE_CPU=portable|avx2|avx512.
//
// All matrices are row-major f32. `ld*` is the distance between rows, in floats.
#ifndef HONE_CKERNELS_H
#define HONE_CKERNELS_H

#include <stdbool.h>
#include <stdint.h>

/// What a product does to each element before it is stored.
typedef enum {
  HONE_EPILOGUE_NONE = 0,
  /// Φ(x)·x, with the error function.
  HONE_EPILOGUE_GELU = 1,
} HoneEpilogue;

/// One product of rows of A with one packed panel of B.
typedef struct {
  /// Rows of A and C.
  long rows;
  /// The inner dimension.
  long depth;
  const float *a;
  /// From one row of A to the next, and from one inner index to the next: a transposed A has the
  /// two exchanged and needs no copy.
  long aRow, aDepth;
  /// `depth` rows of `panelWidth` floats, 64-byte aligned, padded with zeros.
  const float *panel;
  float *c;
  long ldc;
  /// Columns of C that the panel covers, at most `panelWidth`.
  long columns;
  /// `columns` floats added to each row, or NULL.
  const float *bias;
  /// As large as C, added after everything else, or NULL.
  const float *residual;
  long ldr;
  /// Add to C instead of replacing it.
  bool accumulate;
  HoneEpilogue epilogue;
} HoneProduct;

/// One head of one sequence within a fused [tokens, 3·hidden] matrix of queries, keys and values.
typedef struct {
  long length, headSize;
  const float *q, *k, *v;
  long ldqkv;
  /// 1/√headSize.
  float scale;
  /// Whether a token sees only itself and what comes before it.
  bool causal;
  /// The share of attention weights that is dropped; 0 in prediction.
  float dropout;
  uint64_t seed, stream;
  /// `length`² weights after softmax, before dropout; written by forward, read by backward.
  float *weights;
  /// `honeAttentionScratch` floats.
  float *scratch;
} HoneAttention;

typedef struct {
  float learningRate, beta1, beta2, epsilon, weightDecay;
  /// 1 − β₁ᵗ and 1 − β₂ᵗ: what the moments are short of while they are young.
  float correction1, correction2;
  /// What gradients are multiplied with first: clipping.
  float gradientScale;
} HoneAdamW;

/// One variant of all kernels.
typedef struct {
  const char *name;
  /// Columns of a packed panel.
  long panelWidth;

  void (*product)(const HoneProduct *);
  /// Packs columns [first, first + count) of a row-major B [depth, columns].
  void (*pack)(const float *b, long ldb, long depth, long first, long count, float *panel);
  /// The same for B given as its transpose [columns, depth]: a weight as checkpoints hold it.
  void (*packTransposed)(const float *b, long ldb, long depth, long first, long count, float *panel);

  /// y = normalized·weight + bias; `normalized` and `inverse` (1/σ a row) may be NULL.
  void (*layerNorm)(const float *x, const float *weight, const float *bias, float epsilon, long rows,
                    long columns, float *y, float *normalized, float *inverse);
  void (*layerNormBackward)(const float *dy, const float *normalized, const float *inverse,
                            const float *weight, long rows, long columns, float *dx);
  /// dweight[j] += Σ dy·normalized, dbias[j] += Σ dy over all rows, for columns [first, last).
  void (*layerNormParameters)(const float *dy, const float *normalized, long rows, long columns,
                              long first, long last, float *dweight, float *dbias);

  void (*gelu)(const float *x, float *y, long count);
  /// dx = dy · gelu′(x).
  void (*geluBackward)(const float *x, const float *dy, float *dx, long count);
  void (*tanh)(const float *x, float *y, long count);
  /// Each row becomes a distribution.
  void (*softmax)(float *x, long rows, long columns);
  void (*add)(const float *x, float *y, long count);
  /// sum[j] += Σ over rows of x[·][j], for columns [first, last).
  void (*sumRows)(const float *x, long rows, long columns, long first, long last, float *sum);
  /// y = x with elements dropped at `rate` and the rest scaled by 1/(1−rate). Element i of (seed,
  /// stream) is dropped or not, whoever asks: masks are recomputed, never stored.
  void (*dropout)(const float *x, float *y, long first, long count, float rate, uint64_t seed,
                  uint64_t stream);

  /// context [length, headSize] with row distance `ldc`.
  void (*attention)(const HoneAttention *, float *context, long ldc);
  /// dq, dk, dv are written with row distance `ldd`.
  void (*attentionBackward)(const HoneAttention *, const float *dcontext, long ldc, float *dq, float *dk,
                            float *dv, long ldd);

  void (*adamW)(const HoneAdamW *, const float *gradient, float *weight, float *moment1, float *moment2,
                long count);
  double (*sumOfSquares)(const float *x, long count);
} HoneKernels;

/// The floats that one head of one sequence needs beside its weights.
long honeAttentionScratch(long length, long headSize);

/// The variant that this process uses.
const HoneKernels *honeKernels(void);

/// A variant by name, or NULL where this machine cannot run it: "portable", "avx2", "avx512".
const HoneKernels *honeKernelsNamed(const char *name);

#endif
