// The narrow formats: bf16, the upper half of a float, and bytes with a scale.

typedef uint16_t VH __attribute__((vector_size(2 * LANES), aligned(2)));

INLINE V fromHalf(VH x) { return (V)(__builtin_convertvector(x, VU) << 16); }
INLINE V loadHalf(const uint16_t *p) { return fromHalf(*(const VH *)p); }

/// The nearest bf16, ties to even, in the upper half of each lane. A NaN keeps its upper bits and gets
/// one more, so that it does not become infinity.
INLINE VU roundedToHalf(V x) {
  VU bits = (VU)x;
  VU rounded = bits + 0x7FFFu + ((bits >> 16) & 1u);
  return (VU)select(x == x, (V)rounded, (V)(bits | 0x400000u));
}

INLINE void storeHalf(uint16_t *p, V x) {
  *(VH *)p = __builtin_convertvector(roundedToHalf(x) >> 16, VH);
}

INLINE V loadHalfFirst(const uint16_t *p, long n) {
  uint16_t lanes[LANES] = {0};
  memcpy(lanes, p, (size_t)n * sizeof *p);
  return loadHalf(lanes);
}

INLINE void storeHalfFirst(uint16_t *p, V x, long n) {
  uint16_t lanes[LANES];
  storeHalf(lanes, x);
  memcpy(p, lanes, (size_t)n * sizeof *p);
}

static void toHalf(const float *x, uint16_t *y, long count, long padding) {
  long i = 0;
  for (; i + LANES <= count; i += LANES) storeHalf(y + i, load(x + i));
  if (i < count) storeHalfFirst(y + i, loadFirst(x + i, count - i), count - i);
  if (padding) memset(y + count, 0, (size_t)padding * sizeof *y);
}

static void fromHalves(const uint16_t *x, float *y, long count) {
  long i = 0;
  for (; i + LANES <= count; i += LANES) store(y + i, loadHalf(x + i));
  if (i < count) storeFirst(y + i, loadHalfFirst(x + i, count - i), count - i);
}

static void pairRows(const float *upper, const float *lower, uint32_t *y, long count) {
  long i = 0;
  for (; i + LANES <= count; i += LANES) {
    VU low = lower ? roundedToHalf(load(lower + i)) & 0xFFFF0000u : (VU){};
    *(VU *)(y + i) = (roundedToHalf(load(upper + i)) >> 16) | low;
  }
  for (; i < count; i++) {
    VU u = roundedToHalf(splat(upper[i])) >> 16, l = roundedToHalf(splat(lower ? lower[i] : 0));
    y[i] = u[0] | (l[0] & 0xFFFF0000u);
  }
}

static void pairHalfRows(const uint16_t *upper, const uint16_t *lower, uint32_t *y, long count) {
  if (lower)
    for (long i = 0; i < count; i++) y[i] = (uint32_t)upper[i] | (uint32_t)lower[i] << 16;
  else
    for (long i = 0; i < count; i++) y[i] = upper[i];
}

typedef uint8_t VB __attribute__((vector_size(LANES), aligned(1)));

/// Positive numbers, cut to whole ones.
INLINE VB toBytes(V x) {
  return __builtin_convertvector(__builtin_convertvector(__builtin_elementwise_min(x, splat(255)), VU), VB);
}

/// Asymmetric, since what follows a GELU has a long tail on one side only. Zero is always exact: the
/// range includes it.
static void quantize(const float *x, long rows, long columns, uint8_t *y, long ldy, float *scale,
                     int32_t *zero) {
  for (long r = 0; r < rows; r++, x += columns, y += ldy) {
    V low[2] = {}, high[2] = {};
    long i = 0;
    for (; i + 2 * LANES <= columns; i += 2 * LANES)
      for (long part = 0; part < 2; part++) {
        V v = load(x + i + part * LANES);
        low[part] = __builtin_elementwise_min(low[part], v);
        high[part] = __builtin_elementwise_max(high[part], v);
      }
    for (; i < columns; i += LANES) {
      V v = columns - i >= LANES ? load(x + i) : loadFirst(x + i, columns - i);
      low[0] = __builtin_elementwise_min(low[0], v);
      high[0] = __builtin_elementwise_max(high[0], v);
    }
    const float least = -maximum(-__builtin_elementwise_min(low[0], low[1]));
    const float range = maximum(__builtin_elementwise_max(high[0], high[1])) - least;
    const float unit = range > 0 ? range / 255.0f : 1.0f;
    const float offset = rintf(-least / unit), inverse = 1.0f / unit;
    scale[r] = unit;
    zero[r] = (int32_t)offset;
    // Half a step more, then cut: nothing is below −½.
    const float shift = offset + 0.5f;
    for (i = 0; i + LANES <= columns; i += LANES) *(VB *)(y + i) = toBytes(load(x + i) * inverse + shift);
    if (i < columns) {
      const VB bytes = toBytes(loadFirst(x + i, columns - i) * inverse + shift);
      memcpy(y + i, &bytes, (size_t)(columns - i));
    }
    if (columns < ldy) memset(y + columns, 0, (size_t)(ldy - columns));
  }
}

static void quantizeWeights(const float *w, long rows, long columns, int8_t *y, long ldy, float *scale,
                            int32_t *total) {
  for (long r = 0; r < rows; r++, w += columns, y += ldy) {
    float largest = 0;
    for (long i = 0; i < columns; i++) largest = fabsf(w[i]) > largest ? fabsf(w[i]) : largest;
    const float unit = largest > 0 ? largest / 127.0f : 1.0f;
    int32_t s = 0;
    for (long i = 0; i < columns; i++) {
      y[i] = (int8_t)rintf(w[i] / unit);
      s += y[i];
    }
    memset(y + columns, 0, (size_t)(ldy - columns));
    scale[r] = unit;
    total[r] = s;
  }
}
