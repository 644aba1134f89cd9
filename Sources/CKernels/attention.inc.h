// Attention of one head over one sequence: softmax(q·kᵀ/√d)·v, and its derivative.
//
// A sentence is short and a head is narrow, so everything fits the nearest caches. Keys (and in the
// backward pass values) are transposed into scratch once; then four queries at a time go along the
// rows, since one alone would wait for each sum. The weights are not kept for the backward pass:
// computing them again costs less than writing and reading n² numbers a head.

enum { QUERIES = 4 };

#define ROUND_UP(n) (((n) + 15) / 16 * 16)

/// Where the random numbers of row i begin: each row at a whole group of them, so that none is drawn
/// twice.
#define MASK_ROW(i, n) ((i) * (((n) + MASK_GROUP - 1) / MASK_GROUP * MASK_GROUP))

/// out[d][j] = rows[j][d], with row distance `ld`, padded with zeros.
static void transpose(const float *rows, long ldr, long length, long headSize, float *out, long ld) {
  long j = 0;
  for (; j + 8 <= length; j += 8) {
    long d = 0;
    for (; d + 8 <= headSize; d += 8) transpose8(rows + j * ldr + d, ldr, out + d * ld + j, ld);
    for (; d < headSize; d++)
      for (long i = j; i < j + 8; i++) out[d * ld + i] = rows[i * ldr + d];
  }
  for (; j < ld; j++)
    for (long d = 0; d < headSize; d++) out[d * ld + j] = j < length ? rows[j * ldr + d] : 0;
}

/// out[r][j] = Σ over d of rows[r][d] · columns[d][j], for `ld` columns, a multiple of 16.
INLINE void rowsTimes(const long count, const float *rows, long ldr, const float *columns, long headSize,
                      long ld, float *out) {
  long j = 0;
  for (; j + 2 * LANES <= ld; j += 2 * LANES) {
    V c[QUERIES][2] = {};
    for (long d = 0; d < headSize; d++) {
      const V b0 = load(columns + d * ld + j), b1 = load(columns + d * ld + j + LANES);
#pragma clang loop unroll(full)
      for (long r = 0; r < count; r++) {
        const V a = splat(rows[r * ldr + d]);
        c[r][0] = c[r][0] + a * b0;
        c[r][1] = c[r][1] + a * b1;
      }
    }
    for (long r = 0; r < count; r++) {
      store(out + r * ld + j, c[r][0]);
      store(out + r * ld + j + LANES, c[r][1]);
    }
  }
  for (; j < ld; j += LANES) {
    V c[QUERIES] = {};
    for (long d = 0; d < headSize; d++) {
      const V b = load(columns + d * ld + j);
#pragma clang loop unroll(full)
      for (long r = 0; r < count; r++) c[r] = c[r] + splat(rows[r * ldr + d]) * b;
    }
    for (long r = 0; r < count; r++) store(out + r * ld + j, c[r]);
  }
}

/// out[r][d] = Σ over j of weights[r][j] · rows[j][d].
INLINE void weightedRows(const long count, const float *weights, long ldw, long length, const float *rows,
                         long ldr, long headSize, float *out, long ldo) {
  long d = 0;
  for (; d + 2 * LANES <= headSize; d += 2 * LANES) {
    V c[QUERIES][2] = {};
    for (long j = 0; j < length; j++) {
      const V b0 = load(rows + j * ldr + d), b1 = load(rows + j * ldr + d + LANES);
#pragma clang loop unroll(full)
      for (long r = 0; r < count; r++) {
        const V a = splat(weights[r * ldw + j]);
        c[r][0] = c[r][0] + a * b0;
        c[r][1] = c[r][1] + a * b1;
      }
    }
    for (long r = 0; r < count; r++) {
      store(out + r * ldo + d, c[r][0]);
      store(out + r * ldo + d + LANES, c[r][1]);
    }
  }
  for (; d < headSize; d += LANES) {
    const long left = headSize - d;
    V c[QUERIES] = {};
    for (long j = 0; j < length; j++) {
      const float *row = rows + j * ldr + d;
      const V b = left >= LANES ? load(row) : loadFirst(row, left);
      for (long r = 0; r < count; r++) c[r] = c[r] + splat(weights[r * ldw + j]) * b;
    }
    for (long r = 0; r < count; r++) {
      if (left >= LANES) store(out + r * ldo + d, c[r]);
      else storeFirst(out + r * ldo + d, c[r], left);
    }
  }
}

/// out[j][d] += Σ over r of weights[r][j] · x[r][d].
INLINE void addToRows(const long count, const float *weights, long ldw, long length, const float *x,
                      long ldx, long headSize, float *out, long ldo) {
  long d = 0;
  for (; d + LANES <= headSize; d += LANES) {
    V v[QUERIES];
    for (long r = 0; r < count; r++) v[r] = load(x + r * ldx + d);
    for (long j = 0; j < length; j++) {
      V total = load(out + j * ldo + d);
#pragma clang loop unroll(full)
      for (long r = 0; r < count; r++) total = total + splat(weights[r * ldw + j]) * v[r];
      store(out + j * ldo + d, total);
    }
  }
  for (; d < headSize; d++)
    for (long j = 0; j < length; j++)
      for (long r = 0; r < count; r++) out[j * ldo + d] += weights[r * ldw + j] * x[r * ldx + d];
}

/// x[j] = softmax(scale·x)[j] for the first `seen`, 0 for the others up to `ld`, a multiple of 16.
INLINE void softmaxOfScores(float *x, long seen, long ld, float scale) {
  VI lane;
  for (long l = 0; l < LANES; l++) lane[l] = (int32_t)l;
  V top = splat(-INFINITY);
  for (long j = 0; j < seen; j += LANES)
    top = __builtin_elementwise_max(top, select(lane < (int32_t)(seen - j), load(x + j), splat(-INFINITY)));
  const float m = maximum(top);
  V total = {};
  for (long j = 0; j < seen; j += LANES) {
    V e = select(lane < (int32_t)(seen - j), exponential((load(x + j) - m) * scale), (V){});
    store(x + j, e);
    total = total + e;
  }
  const float inverse = 1.0f / sum(total);
  long j = 0;
  for (; j < seen; j += LANES) store(x + j, load(x + j) * inverse);
  for (; j < ld; j += LANES) store(x + j, (V){});
}

/// The attention weights of rows [i, i + count), before dropout.
INLINE void attentionWeights(const HoneAttention *p, const long count, long i, const float *keys, long ld,
                             float *weights) {
  rowsTimes(count, p->q + i * p->ldqkv, p->ldqkv, keys, p->headSize, ld, weights);
  for (long r = 0; r < count; r++) {
    const long seen = p->causal ? i + r + 1 : p->length;
    float *row = weights + r * ld;
    if (p->bias)
      for (long j = 0; j < seen; j++) row[j] = row[j] * p->scale + p->bias[j - (i + r)];
    softmaxOfScores(row, seen, ld, p->bias ? 1.0f : p->scale);
  }
}

/// Whole registers: behind the last token there are zeros, which stay zeros.
INLINE void dropRows(const HoneAttention *p, const long count, long i, const float *x, float *y, long ld) {
  for (long r = 0; r < count; r++)
    dropout(x + r * ld, y + r * ld, MASK_ROW(i + r, p->length), ld, p->dropout, p->seed, p->stream);
}

INLINE void attentionRows(const HoneAttention *p, const long count, long i, const float *keys, long ld,
                          float *weights, float *context, long ldc) {
  attentionWeights(p, count, i, keys, ld, weights);
  if (p->dropout > 0) dropRows(p, count, i, weights, weights, ld);
  const long seen = p->causal ? i + count : p->length;
  weightedRows(count, weights, ld, seen, p->v, p->ldqkv, p->headSize, context + (i - p->first) * ldc, ldc);
}

static void attention(const HoneAttention *p, float *context, long ldc) {
  const long n = p->length, ld = ROUND_UP(n);
  float *keys = p->scratch, *weights = keys + p->headSize * ld;
  transpose(p->k, p->ldqkv, n, p->headSize, keys, ld);
  long i = p->first;
  for (; i + QUERIES <= n; i += QUERIES) attentionRows(p, QUERIES, i, keys, ld, weights, context, ldc);
  for (; i < n; i++) attentionRows(p, 1, i, keys, ld, weights, context, ldc);
}

/// With w = softmax(s), u = dropout(w), c = u·v:
///   dv = uᵀ·dc    du = dc·vᵀ    dw = dropout′(du)    ds = w ⊙ (dw − Σ w·dw)    dq = ds·k/√d    dk = dsᵀ·q/√d
INLINE void attentionRowsBackward(const HoneAttention *p, const long count, long i, const float *keys,
                                  const float *values, long ld, float *scratch, const float *dcontext,
                                  long ldc, float *dq, float *dk, float *dv, long ldd) {
  const long h = p->headSize, seen = p->causal ? i + count : p->length;
  float *weights = scratch, *kept = weights + QUERIES * ld, *dweights = kept + QUERIES * ld;
  const float *dc = dcontext + i * ldc;
  attentionWeights(p, count, i, keys, ld, weights);
  rowsTimes(count, dc, ldc, values, h, ld, dweights);
  if (p->dropout > 0) {
    dropRows(p, count, i, weights, kept, ld);
    dropRows(p, count, i, dweights, dweights, ld);
  }
  addToRows(count, p->dropout > 0 ? kept : weights, ld, seen, dc, ldc, h, dv, ldd);
  for (long r = 0; r < count; r++) {
    const float *w = weights + r * ld;
    float *d = dweights + r * ld;
    V total = {};
    for (long j = 0; j < seen; j += LANES) total = total + load(w + j) * load(d + j);
    const float mean = sum(total);
    if (p->dbias)
      for (long j = 0; j < seen; j++) p->dbias[j - (i + r)] += w[j] * (d[j] - mean);
    for (long j = 0; j < seen; j += LANES) store(d + j, load(w + j) * (load(d + j) - mean) * p->scale);
  }
  weightedRows(count, dweights, ld, seen, p->k, p->ldqkv, h, dq + i * ldd, ldd);
  addToRows(count, dweights, ld, seen, p->q + i * p->ldqkv, p->ldqkv, h, dk, ldd);
}

static void attentionBackward(const HoneAttention *p, const float *dcontext, long ldc, float *dq, float *dk,
                              float *dv, long ldd) {
  const long n = p->length, h = p->headSize, ld = ROUND_UP(n);
  float *keys = p->scratch, *values = keys + h * ld, *scratch = values + h * ld;
  transpose(p->k, p->ldqkv, n, h, keys, ld);
  transpose(p->v, p->ldqkv, n, h, values, ld);
  for (long j = 0; j < n; j++) {
    memset(dk + j * ldd, 0, (size_t)h * sizeof(float));
    memset(dv + j * ldd, 0, (size_t)h * sizeof(float));
  }
  long i = 0;
  for (; i + QUERIES <= n; i += QUERIES)
    attentionRowsBackward(p, QUERIES, i, keys, values, ld, scratch, dcontext, ldc, dq, dk, dv, ldd);
  for (; i < n; i++)
    attentionRowsBackward(p, 1, i, keys, values, ld, scratch, dcontext, ldc, dq, dk, dv, ldd);
}
