// C = A·B + bias, with B packed in panels.
//
//            panel: WIDTH columns (3 registers of 16, or 2 of 8)
//            ┌───────────────┐
//        k → │ b₀  b₁  b₂    │   read once, in order: one stream for the prefetcher
//            └───────────────┘
//     A      ┌───────────────┐
//   ┌────┐   │ c₀₀ c₀₁ c₀₂   │   the micro-tile: TILE rows of C stay in registers
//   │ a₀ │   │ c₁₀ c₁₁ c₁₂   │   from the first k to the last
//   │ a₁ │   │  …            │
//   └────┘   └───────────────┘
//
// At each k the tile loads the panel's row once and broadcasts TILE elements of A against it:
// TILE·WIDTH multiplications for TILE + WIDTH loads, so the multipliers never wait. The sum over k
// is one chain an element, never split between threads: the result does not depend on how many
// there are.

//
// The loop knows nothing of numbers: it walks along words of 4 bytes, which hold one f32, two bf16 or
// four bytes, and only `step` multiplies them.

#define VECTORS (WIDTH / LANES)

typedef int32_t Word __attribute__((may_alias));
typedef int32_t VW __attribute__((vector_size(4 * LANES), aligned(4), may_alias));

#ifndef DOT_HALF
/// c += Σ of two products of bf16.
INLINE V dotHalf(V c, VI a, VI b) {
  c = c + (V)(a << 16) * (V)(b << 16);
  return c + (V)(a & (int32_t)0xFFFF0000) * (V)(b & (int32_t)0xFFFF0000);
}
/// c += Σ of four products of an unsigned byte of a with a signed one of b.
INLINE VI dotBytes(VI c, VI a, VI b) {
  c = c + (a & 255) * ((b << 24) >> 24);
  c = c + ((a >> 8) & 255) * ((b << 16) >> 24);
  c = c + ((a >> 16) & 255) * ((b << 8) >> 24);
  return c + ((a >> 24) & 255) * (b >> 24);
}
#endif

INLINE V step(const HoneFormat format, V c, VI a, VI b) {
  if (format == HONE_F32) return c + (V)a * (V)b;
  if (format == HONE_BF16) return dotHalf(c, a, b);
  return (V)dotBytes((VI)c, a, b);
}

INLINE V activated(const HoneFormat format, const HoneEpilogue epilogue, V v, V input) {
  switch (epilogue) {
    case HONE_EPILOGUE_NONE: return v;
    case HONE_EPILOGUE_GELU: return format == HONE_F32 ? geluOf(v) : geluOfNarrow(v);
    case HONE_EPILOGUE_GELU_BACKWARD:
      return v * (format == HONE_F32 ? geluDerivative(input) : geluDerivativeOfNarrow(input));
  }
}

/// `count` elements in front of `p`, which is read in full where they are all of it.
#define READ(p) (count == LANES ? load(p) : loadFirst(p, count))
#define READ_HALF(p) (count == LANES ? loadHalf(p) : loadHalfFirst(p, count))

/// What is done to a tile's sums on their way to C. Everything constant is known to the compiler.
INLINE void finishAs(const HoneFormat format, const HoneEpilogue epilogue, const bool isHalf,
                     const bool isWhole, const HoneProduct *p, long row, long tileRows, const float *sums) {
  for (long j = 0; j < VECTORS; j++) {
    const long first = j * LANES, left = p->columns - first;
    if (!isWhole && left <= 0) break;
    const long count = isWhole || left > LANES ? LANES : left;
    const V bias = p->bias ? READ(p->bias + first) : (V){};
    const V scale = format == HONE_INT8 ? load(p->columnScale + first) : (V){};
    const VI total = format == HONE_INT8 ? *(const VI *)(p->columnSum + first) : (VI){};
    for (long i = 0; i < tileRows; i++) {
      const long r = row + i, place = r * p->ldc + first;
      V v = load(sums + i * WIDTH + first);
      if (format == HONE_INT8)
        v = __builtin_convertvector((VI)v - p->rowZero[r] * total, V) * (p->rowScale[r] * scale);
      v = v + bias;
      V input = {};
      if (epilogue == HONE_EPILOGUE_GELU_BACKWARD)
        input = p->isInputHalf ? READ_HALF((const uint16_t *)p->input + r * p->ldi + first)
                               : READ((const float *)p->input + r * p->ldi + first);
      v = activated(format, epilogue, v, input);
      if (p->residual) v = v + READ(p->residual + r * p->ldr + first);
      if (isHalf) {
        uint16_t *out = (uint16_t *)p->c + place;
        if (count == LANES) storeHalf(out, v); else storeHalfFirst(out, v, count);
      } else {
        float *out = (float *)p->c + place;
        if (p->accumulate) v = v + READ(out);
        if (count == LANES) store(out, v); else storeFirst(out, v, count);
      }
    }
  }
}

/// Not part of the tile, whose code must stay small.
static __attribute__((noinline)) void finish(const HoneProduct *p, long row, long tileRows,
                                             const float *sums) {
#define CASE(format, epilogue, isHalf)                                          \
  if (p->columns == WIDTH)                                                      \
    finishAs(format, epilogue, isHalf, true, p, row, tileRows, sums);           \
  else                                                                          \
    finishAs(format, epilogue, isHalf, false, p, row, tileRows, sums);          \
  break;
#define EPILOGUES(format, isHalf)                                               \
  switch (p->epilogue) {                                                        \
    case HONE_EPILOGUE_NONE: CASE(format, HONE_EPILOGUE_NONE, isHalf)           \
    case HONE_EPILOGUE_GELU: CASE(format, HONE_EPILOGUE_GELU, isHalf)           \
    case HONE_EPILOGUE_GELU_BACKWARD: CASE(format, HONE_EPILOGUE_GELU_BACKWARD, isHalf) \
  }
  if (p->format == HONE_F32) EPILOGUES(HONE_F32, false)
  else if (p->format == HONE_INT8) EPILOGUES(HONE_INT8, false)
  else if (p->isHalf) EPILOGUES(HONE_BF16, true)
  else EPILOGUES(HONE_BF16, false)
#undef CASE
#undef EPILOGUES
}
#undef READ
#undef READ_HALF

INLINE void tile(const HoneFormat format, const long tileRows, const HoneProduct *p, long row) {
  V c[TILE][VECTORS];
  for (long i = 0; i < tileRows; i++)
    for (long j = 0; j < VECTORS; j++) c[i][j] = (V){};
  const Word *a = (const Word *)p->a + row * p->aRow;
  const Word *b = (const Word *)p->panel;
  const long aRow = p->aRow, aDepth = p->aDepth, panel = p->depth * WIDTH;
#pragma clang loop unroll(disable)
  for (long k = 0; k < p->depth; k++, a += aDepth, b += WIDTH) {
    VI bk[VECTORS];
#pragma clang loop unroll(full)
    for (long j = 0; j < VECTORS; j++) bk[j] = *(const VW *)(b + j * LANES);
    // The panel that comes next, into L2: it arrives while this one is multiplied. What lies behind the
    // last panel is asked for in vain, which costs nothing and faults never.
    for (long j = 0; j < VECTORS; j++) __builtin_prefetch(b + panel + j * LANES, 0, 2);
#pragma clang loop unroll(full)
    for (long i = 0; i < tileRows; i++) {
      VI ai = a[i * aRow] - (VI){};
#pragma clang loop unroll(full)
      for (long j = 0; j < VECTORS; j++) c[i][j] = step(format, c[i][j], ai, bk[j]);
    }
  }
  float sums[TILE * WIDTH] __attribute__((aligned(64)));
  for (long i = 0; i < tileRows; i++)
    for (long j = 0; j < VECTORS; j++) store(sums + i * WIDTH + j * LANES, c[i][j]);
  finish(p, row, tileRows, sums);
}

/// All rows, dealt out evenly: nine rows are 5 + 4, not 8 + 1, since a low tile starves the multipliers.
INLINE void tilesOf(const HoneFormat format, const HoneProduct *p) {
  long left = (p->rows + TILE - 1) / TILE;
  for (long row = 0; row < p->rows; left--) {
    const long height = (p->rows - row + left - 1) / left;
    // Each height is a loop of its own, unrolled.
    switch (height) {
      case 1: tile(format, 1, p, row); break;
      case 2: tile(format, 2, p, row); break;
      case 3: tile(format, 3, p, row); break;
      case 4: tile(format, 4, p, row); break;
#if TILE > 4
      case 5: tile(format, 5, p, row); break;
      case 6: tile(format, 6, p, row); break;
#endif
#if TILE > 6
      case 7: tile(format, 7, p, row); break;
      case 8: tile(format, 8, p, row); break;
#endif
    }
    row += height;
  }
}

static void tiles(const HoneProduct *p) {
  switch (p->format) {
    case HONE_F32: tilesOf(HONE_F32, p); break;
    case HONE_BF16: tilesOf(HONE_BF16, p); break;
    case HONE_INT8: tilesOf(HONE_INT8, p); break;
  }
}

/// A transposed A is read across its rows, a cache line at each k. Beyond this many the lines and the
/// panel no longer fit the second-level cache together, so the sum is taken in steps.
enum { TRANSPOSED_DEPTH = 512 };

static void product(const HoneProduct *p) {
  if (p->aRow != 1 || p->aDepth == 1 || !p->accumulate || p->bias || p->residual || p->epilogue ||
      p->format == HONE_INT8) {
    tiles(p);
    return;
  }
  for (long k = 0; k < p->depth; k += TRANSPOSED_DEPTH) {
    HoneProduct part = *p;
    part.depth = p->depth - k < TRANSPOSED_DEPTH ? p->depth - k : TRANSPOSED_DEPTH;
    part.a = (const Word *)p->a + k * p->aDepth;
    part.panel = (const Word *)p->panel + k * WIDTH;
    tiles(&part);
  }
}

static void pack(const void *words, long ldb, long depth, long first, long count, void *out) {
  const float *b = words;
  float *panel = out;
  const long n = count < WIDTH ? count : WIDTH;
  for (long k = 0; k < depth; k++, panel += WIDTH) {
    memcpy(panel, b + k * ldb + first, (size_t)n * sizeof(float));
    if (n < WIDTH) memset(panel + n, 0, (size_t)(WIDTH - n) * sizeof(float));
  }
}

static void packTransposed(const void *words, long ldb, long depth, long first, long count, void *out) {
  const float *b = words;
  float *panel = out;
  const long n = count < WIDTH ? count : WIDTH;
  for (long j = 0; j < WIDTH; j += 8) {
    const float *rows = b + (first + j) * ldb;
    long k = 0;
    if (n - j >= 8)
      for (; k + 8 <= depth; k += 8) transpose8(rows + k, ldb, panel + k * WIDTH + j, WIDTH);
    for (; k < depth; k++)
      for (long i = 0; i < 8; i++) panel[k * WIDTH + j + i] = j + i < n ? rows[i * ldb + k] : 0;
  }
}
