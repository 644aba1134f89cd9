// Attention of one head over one sequence: softmax(q·kᵀ/√d)·v, and its derivative.
//
// A sentence is short and a head is narrow, so everything fits the nearest cache. Keys (and in the
// backward pass values) are transposed into scratch once; then every inner loop runs along a row.

#define ROUND_UP(n) (((n) + 15) / 16 * 16)

/// Where the random numbers of row i begin: each row at a whole group of them, so that none is drawn
/// twice. 64 is a group on the widest machine, and the mask must be the same on all.
#define MASK_ROW(i, n) ((i) * (((n) + 63) / 64 * 64))

/// out[d][j] = rows[j][d], with row distance `ld`, padded with zeros.
static void transpose(const float *rows, long ldr, long length, long headSize, float *out, long ld) {
  memset(out, 0, (size_t)(headSize * ld) * sizeof(float));
  for (long j = 0; j < length; j++)
    for (long d = 0; d < headSize; d++) out[d * ld + j] = rows[j * ldr + d];
}

/// out[j] = Σ over d of row[d] · columns[d][j], for `ld` columns, a multiple of LANES.
INLINE void rowTimes(const float *row, const float *columns, long headSize, long ld, float *out) {
  for (long j = 0; j < ld; j += LANES) {
    V total = {};
    for (long d = 0; d < headSize; d++) total = total + row[d] * load(columns + d * ld + j);
    store(out + j, total);
  }
}

/// out[d] += Σ over j of weight[j] · rows[j][d].
INLINE void weightedRows(const float *weight, long length, const float *rows, long ldr, long headSize,
                         float *out) {
  long d = 0;
  for (; d + 2 * LANES <= headSize; d += 2 * LANES) {
    V t0 = load(out + d), t1 = load(out + d + LANES);
    for (long j = 0; j < length; j++) {
      t0 = t0 + weight[j] * load(rows + j * ldr + d);
      t1 = t1 + weight[j] * load(rows + j * ldr + d + LANES);
    }
    store(out + d, t0);
    store(out + d + LANES, t1);
  }
  for (; d < headSize; d++)
    for (long j = 0; j < length; j++) out[d] += weight[j] * rows[j * ldr + d];
}

static void attention(const HoneAttention *p, float *context, long ldc) {
  const long n = p->length, h = p->headSize, ld = ROUND_UP(n);
  float *keys = p->scratch, *scores = keys + h * ld, *kept = scores + ld;
  transpose(p->k, p->ldqkv, n, h, keys, ld);
  for (long i = 0; i < n; i++) {
    const long seen = p->causal ? i + 1 : n;
    rowTimes(p->q + i * p->ldqkv, keys, h, ld, scores);
    for (long j = 0; j < seen; j++) scores[j] *= p->scale;
    softmax(scores, 1, seen);
    for (long j = seen; j < n; j++) scores[j] = 0;
    if (p->weights) memcpy(p->weights + i * n, scores, (size_t)n * sizeof(float));
    const float *used = scores;
    if (p->dropout > 0) {
      dropout(scores, kept, MASK_ROW(i, n), seen, p->dropout, p->seed, p->stream);
      used = kept;
    }
    float *out = context + i * ldc;
    memset(out, 0, (size_t)h * sizeof(float));
    weightedRows(used, seen, p->v, p->ldqkv, h, out);
  }
}

/// With w = softmax(s), u = dropout(w), c = u·v:
///   dv = uᵀ·dc    du = dc·vᵀ    dw = dropout′(du)    ds = w ⊙ (dw − Σ w·dw)    dq = ds·k/√d    dk = dsᵀ·q/√d
static void attentionBackward(const HoneAttention *p, const float *dcontext, long ldc, float *dq, float *dk,
                              float *dv, long ldd) {
  const long n = p->length, h = p->headSize, ld = ROUND_UP(n);
  float *values = p->scratch, *dweights = values + h * ld, *kept = dweights + ld;
  transpose(p->v, p->ldqkv, n, h, values, ld);
  for (long j = 0; j < n; j++) {
    memset(dk + j * ldd, 0, (size_t)h * sizeof(float));
    memset(dv + j * ldd, 0, (size_t)h * sizeof(float));
  }
  for (long i = 0; i < n; i++) {
    const float *w = p->weights + i * n, *dc = dcontext + i * ldc, *q = p->q + i * p->ldqkv;
    const long seen = p->causal ? i + 1 : n;
    rowTimes(dc, values, h, ld, dweights);
    const float *used = w;
    if (p->dropout > 0) {
      dropout(w, kept, MASK_ROW(i, n), seen, p->dropout, p->seed, p->stream);
      used = kept;
    }
    for (long j = 0; j < seen; j++) {
      float *out = dv + j * ldd;
      for (long d = 0; d < h; d++) out[d] += used[j] * dc[d];
    }
    if (p->dropout > 0) dropout(dweights, dweights, MASK_ROW(i, n), seen, p->dropout, p->seed, p->stream);
    float total = 0;
    for (long j = 0; j < seen; j++) total += w[j] * dweights[j];
    for (long j = 0; j < seen; j++) dweights[j] = w[j] * (dweights[j] - total) * p->scale;
    memset(dq + i * ldd, 0, (size_t)h * sizeof(float));
    weightedRows(dweights, seen, p->k, p->ldqkv, h, dq + i * ldd);
    for (long j = 0; j < seen; j++) {
      float *out = dk + j * ldd;
      for (long d = 0; d < h; d++) out[d] += dweights[j] * q[d];
    }
  }
}
