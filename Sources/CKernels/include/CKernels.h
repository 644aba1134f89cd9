// The inner loops of the engine: no allocation, no threads, no state but the table of variants.
//
// Every kernel exists once, in vector-extension C (`src/*.inc.h`), and is compiled three times: for
// AVX-512 with bf16 and 8-bit products, for AVX-512, for AVX2 with FMA, and for whatever the
// architecture offers at least. The variant is chosen once, by cpuid, or by
// HONE_CPU=portable|avx2|avx512|avx512bf16.
//
// All matrices are row-major, and f32 where nothing else is said. `ld*` is the distance between rows,
// in elements.
#ifndef HONE_CKERNELS_H
#define HONE_CKERNELS_H

#include <stdbool.h>
#include <stdint.h>

/// How the two sides of a product are held. One step along the inner dimension is a word of 4 bytes,
/// whatever the format: one f32, two bf16, or four 8-bit integers.
typedef enum {
  HONE_F32 = 0,
  HONE_BF16 = 1,
  /// Unsigned activations with a scale and a zero point a row; signed weights with a scale a column.
  HONE_INT8 = 2,
} HoneFormat;

/// What a product does to each element before it is stored.
typedef enum {
  HONE_EPILOGUE_NONE = 0,
  /// Φ(x)·x, with the error function.
  HONE_EPILOGUE_GELU = 1,
  /// Multiplies with the derivative of GELU at `input`: the product is the derivative by its result.
  HONE_EPILOGUE_GELU_BACKWARD = 2,
} HoneEpilogue;

/// One product of rows of A with one packed panel of B.
typedef struct {
  HoneFormat format;
  /// Rows of A and C.
  long rows;
  /// The inner dimension in words.
  long depth;
  const void *a;
  /// In words, from one row of A to the next, and from one step to the next: a transposed A has the
  /// two exchanged and needs no copy.
  long aRow, aDepth;
  /// `depth` rows of `panelWidth` words, 64-byte aligned, padded with zeros.
  const void *panel;
  /// f32, or bf16 if `isHalf`.
  void *c;
  long ldc;
  bool isHalf;
  /// Columns of C that the panel covers, at most `panelWidth`.
  long columns;
  /// `columns` floats added to each row, or NULL.
  const float *bias;
  /// As large as C, added after everything else, or NULL.
  const float *residual;
  long ldr;
  /// As large as C, in bf16 if `isInputHalf`: what the GELU was of whose derivative is taken, or NULL.
  const void *input;
  long ldi;
  bool isInputHalf;
  /// Add to C instead of replacing it; C is f32.
  bool accumulate;
  HoneEpilogue epilogue;
  /// For 8-bit integers: an activation is rowScale·(a − rowZero), a weight columnScale·b, and columnSum
  /// is Σ b. The columns' are `panelWidth` each.
  const float *rowScale;
  const int32_t *rowZero;
  const float *columnScale;
  const int32_t *columnSum;
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
  /// The first token whose context is asked for; those before it are only seen. 0 in training.
  long first;
  /// bias[j − i] is added to the scaled score of token i for token j; NULL for none.
  const float *bias;
  /// The derivative by `bias` is added to it; NULL where nobody asks.
  float *dbias;
  /// The share of attention weights that is dropped; 0 in prediction.
  float dropout;
  uint64_t seed, stream;
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
  /// Packs columns [first, first + count) of a row-major B [depth, columns] of words.
  void (*pack)(const void *b, long ldb, long depth, long first, long count, void *panel);
  /// The same for B given as its transpose [columns, depth]: a weight as checkpoints hold it.
  void (*packTransposed)(const void *b, long ldb, long depth, long first, long count, void *panel);

  /// To the nearest bf16, ties to even; the `padding` elements behind become zeros.
  void (*toHalf)(const float *x, uint16_t *y, long count, long padding);
  void (*fromHalf)(const uint16_t *x, float *y, long count);
  /// Words of two bf16, one from each of two rows: a step along the rows. `lower` may be NULL: zeros.
  void (*pairRows)(const float *upper, const float *lower, uint32_t *y, long count);
  /// The same for rows that are bf16 already.
  void (*pairHalfRows)(const uint16_t *upper, const uint16_t *lower, uint32_t *y, long count);
  /// Each row as unsigned bytes, `ldy` apart, zero behind `columns`: x ≈ scale·(y − zero).
  void (*quantize)(const float *x, long rows, long columns, uint8_t *y, long ldy, float *scale,
                   int32_t *zero);
  /// Each row as signed bytes: w ≈ scale·y, and the sum of the row's y.
  void (*quantizeWeights)(const float *w, long rows, long columns, int8_t *y, long ldy, float *scale,
                          int32_t *sum);

  /// y = normalized·weight + bias; `normalized` and `inverse` (1/σ a row) may be NULL.
  void (*layerNorm)(const float *x, const float *weight, const float *bias, float epsilon, long rows,
                    long columns, float *y, float *normalized, float *inverse);
  void (*layerNormBackward)(const float *dy, const float *normalized, const float *inverse,
                            const float *weight, long rows, long columns, float *dx);
  /// dweight[j] += Σ dy·normalized, dbias[j] += Σ dy over all rows, for columns [first, last).
  void (*layerNormParameters)(const float *dy, const float *normalized, long rows, long columns,
                              long first, long last, float *dweight, float *dbias);

  void (*gelu)(const float *x, float *y, long count);
  void (*geluHalf)(const uint16_t *x, uint16_t *y, long count);
  /// dx = dy · gelu′(x).
  void (*geluBackward)(const float *x, const float *dy, float *dx, long count);
  /// GELU by its tanh approximation, as GPT-2 has it.
  void (*geluTanh)(const float *x, float *y, long count);
  void (*geluTanhBackward)(const float *x, const float *dy, float *dx, long count);
  void (*tanh)(const float *x, float *y, long count);
  /// Each row becomes a distribution.
  void (*softmax)(float *x, long rows, long columns);
  void (*add)(const float *x, float *y, long count);
  /// sum[j] += Σ over rows of x[·][j], for columns [first, last).
  void (*sumRows)(const float *x, long rows, long columns, long first, long last, float *sum);
  /// The same for rows of bf16, `ldx` apart.
  void (*sumHalfRows)(const uint16_t *x, long ldx, long rows, long first, long last, float *sum);
  /// y = x with elements dropped at `rate` and the rest scaled by 1/(1−rate). Element i of (seed,
  /// stream) is dropped or not, whoever asks: masks are recomputed, never stored.
  void (*dropout)(const float *x, float *y, long first, long count, float rate, uint64_t seed,
                  uint64_t stream);

  /// context [length − first, headSize] with row distance `ldc`.
  void (*attention)(const HoneAttention *, float *context, long ldc);
  /// dq, dk, dv are written with row distance `ldd`.
  void (*attentionBackward)(const HoneAttention *, const float *dcontext, long ldc, float *dq, float *dk,
                            float *dv, long ldd);

  void (*adamW)(const HoneAdamW *, const float *gradient, float *weight, float *moment1, float *moment2,
                long count);
  double (*sumOfSquares)(const float *x, long count);
} HoneKernels;

/// The floats of scratch that one head of one sequence needs.
long honeAttentionScratch(long length, long headSize);

/// The variant that this process uses.
const HoneKernels *honeKernels(void);

/// A variant by name, or NULL where this machine cannot run it: "portable", "avx2", "avx512",
/// "avx512bf16".
const HoneKernels *honeKernelsNamed(const char *name);

#endif
