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

#define VECTORS (WIDTH / LANES)

INLINE void tile(const long tileRows, const HoneProduct *p, long row) {
  V c[TILE][VECTORS];
  for (long i = 0; i < tileRows; i++)
    for (long j = 0; j < VECTORS; j++) c[i][j] = (V){};
  const float *a = p->a + row * p->aRow;
  const float *b = p->panel;
  const long aRow = p->aRow, aDepth = p->aDepth;
#pragma clang loop unroll(disable)
  for (long k = 0; k < p->depth; k++, a += aDepth, b += WIDTH) {
    V bk[VECTORS];
#pragma clang loop unroll(full)
    for (long j = 0; j < VECTORS; j++) bk[j] = load(b + j * LANES);
    __builtin_prefetch(b + 8 * WIDTH);
#pragma clang loop unroll(full)
    for (long i = 0; i < tileRows; i++) {
      V ai = splat(a[i * aRow]);
#pragma clang loop unroll(full)
      for (long j = 0; j < VECTORS; j++) c[i][j] = c[i][j] + ai * bk[j];
    }
  }
  for (long i = 0; i < tileRows; i++) {
    float *out = p->c + (row + i) * p->ldc;
    const float *residual = p->residual ? p->residual + (row + i) * p->ldr : 0;
    for (long j = 0; j < VECTORS; j++) {
      const long first = j * LANES, left = p->columns - first;
      if (left <= 0) break;
      const bool whole = left >= LANES;
#define READ(source) (whole ? load((source) + first) : loadFirst((source) + first, left))
      V v = c[i][j];
      if (p->bias) v = v + READ(p->bias);
      if (p->epilogue == HONE_EPILOGUE_GELU) v = geluOf(v);
      if (residual) v = v + READ(residual);
      if (p->accumulate) v = v + READ(out);
#undef READ
      if (whole) store(out + first, v); else storeFirst(out + first, v, left);
    }
  }
}

/// All rows, dealt out evenly: nine rows are 5 + 4, not 8 + 1, since a low tile starves the multipliers.
static void tiles(const HoneProduct *p) {
  long left = (p->rows + TILE - 1) / TILE;
  for (long row = 0; row < p->rows; left--) {
    const long height = (p->rows - row + left - 1) / left;
    // Each height is a loop of its own, unrolled.
    switch (height) {
      case 1: tile(1, p, row); break;
      case 2: tile(2, p, row); break;
      case 3: tile(3, p, row); break;
      case 4: tile(4, p, row); break;
#if TILE > 4
      case 5: tile(5, p, row); break;
      case 6: tile(6, p, row); break;
#endif
#if TILE > 6
      case 7: tile(7, p, row); break;
      case 8: tile(8, p, row); break;
#endif
    }
    row += height;
  }
}

/// A transposed A is read across its rows, a cache line at each k. Beyond this many the lines and the
/// panel no longer fit the second-level cache together, so the sum is taken in steps.
enum { TRANSPOSED_DEPTH = 512 };

static void product(const HoneProduct *p) {
  if (p->aRow != 1 || p->aDepth == 1 || !p->accumulate || p->bias || p->residual || p->epilogue) {
    tiles(p);
    return;
  }
  for (long k = 0; k < p->depth; k += TRANSPOSED_DEPTH) {
    HoneProduct step = *p;
    step.depth = p->depth - k < TRANSPOSED_DEPTH ? p->depth - k : TRANSPOSED_DEPTH;
    step.a = p->a + k * p->aDepth;
    step.panel = p->panel + k * WIDTH;
    tiles(&step);
  }
}

static void pack(const float *b, long ldb, long depth, long first, long count, float *panel) {
  const long n = count < WIDTH ? count : WIDTH;
  for (long k = 0; k < depth; k++, panel += WIDTH) {
    memcpy(panel, b + k * ldb + first, (size_t)n * sizeof(float));
    if (n < WIDTH) memset(panel + n, 0, (size_t)(WIDTH - n) * sizeof(float));
  }
}

typedef float V8 __attribute__((vector_size(32), aligned(4)));

/// Turns 8 × 8 floats over: rows of B become columns of the panel. Pairs, fours, then eights.
INLINE void transpose8(const float *b, long ldb, float *panel) {
  V8 r[8], s[8];
#pragma clang loop unroll(full)
  for (long i = 0; i < 8; i++) r[i] = *(const V8 *)(b + i * ldb);
#pragma clang loop unroll(full)
  for (long i = 0; i < 8; i += 2) {
    s[i] = __builtin_shufflevector(r[i], r[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
    s[i + 1] = __builtin_shufflevector(r[i], r[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
  }
#pragma clang loop unroll(full)
  for (long i = 0; i < 8; i += 4) {
    r[i] = __builtin_shufflevector(s[i], s[i + 2], 0, 1, 8, 9, 4, 5, 12, 13);
    r[i + 1] = __builtin_shufflevector(s[i], s[i + 2], 2, 3, 10, 11, 6, 7, 14, 15);
    r[i + 2] = __builtin_shufflevector(s[i + 1], s[i + 3], 0, 1, 8, 9, 4, 5, 12, 13);
    r[i + 3] = __builtin_shufflevector(s[i + 1], s[i + 3], 2, 3, 10, 11, 6, 7, 14, 15);
  }
#pragma clang loop unroll(full)
  for (long i = 0; i < 4; i++) {
    *(V8 *)(panel + i * WIDTH) = __builtin_shufflevector(r[i], r[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    *(V8 *)(panel + (i + 4) * WIDTH) = __builtin_shufflevector(r[i], r[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
  }
}

static void packTransposed(const float *b, long ldb, long depth, long first, long count, float *panel) {
  const long n = count < WIDTH ? count : WIDTH;
  for (long j = 0; j < WIDTH; j += 8) {
    const float *rows = b + (first + j) * ldb;
    long k = 0;
    if (n - j >= 8)
      for (; k + 8 <= depth; k += 8) transpose8(rows + k, ldb, panel + k * WIDTH + j);
    for (; k < depth; k++)
      for (long i = 0; i < 8; i++) panel[k * WIDTH + j + i] = j + i < n ? rows[i * ldb + k] : 0;
  }
}
