// What is done to rows one by one: layer norm, softmax, sums; and to elements: GELU, dropout.

static void layerNorm(const float *x, const float *weight, const float *bias, float epsilon, long rows,
                      long columns, float *y, float *normalized, float *inverse) {
  for (long r = 0; r < rows; r++, x += columns, y += columns) {
    V total = {};
    long i = 0;
    for (; i + LANES <= columns; i += LANES) total = total + load(x + i);
    float mean = sum(total);
    for (long j = i; j < columns; j++) mean += x[j];
    mean /= (float)columns;
    // The second pass over a row that is in L1 costs little; the shortcut E[x²] − E[x]² cancels.
    total = (V){};
    for (i = 0; i + LANES <= columns; i += LANES) {
      V d = load(x + i) - mean;
      total = total + d * d;
    }
    float variance = sum(total);
    for (long j = i; j < columns; j++) variance += (x[j] - mean) * (x[j] - mean);
    const float scale = 1.0f / sqrtf(variance / (float)columns + epsilon);
    for (i = 0; i + LANES <= columns; i += LANES) {
      V n = (load(x + i) - mean) * scale;
      if (normalized) store(normalized + i, n);
      store(y + i, n * load(weight + i) + load(bias + i));
    }
    for (; i < columns; i++) {
      const float n = (x[i] - mean) * scale;
      if (normalized) normalized[i] = n;
      y[i] = n * weight[i] + bias[i];
    }
    if (normalized) normalized += columns;
    if (inverse) inverse[r] = scale;
  }
}

/// With n = (x − μ)/σ, g = dy·weight:  dx = (g − mean(g) − n·mean(g·n)) / σ.
static void layerNormBackward(const float *dy, const float *normalized, const float *inverse,
                              const float *weight, long rows, long columns, float *dx) {
  for (long r = 0; r < rows; r++, dy += columns, normalized += columns, dx += columns) {
    V g0 = {}, g1 = {};
    long i = 0;
    for (; i + LANES <= columns; i += LANES) {
      V g = load(dy + i) * load(weight + i);
      g0 = g0 + g;
      g1 = g1 + g * load(normalized + i);
    }
    float meanG = sum(g0), meanGN = sum(g1);
    for (long j = i; j < columns; j++) {
      meanG += dy[j] * weight[j];
      meanGN += dy[j] * weight[j] * normalized[j];
    }
    meanG /= (float)columns;
    meanGN /= (float)columns;
    const float scale = inverse[r];
    for (i = 0; i + LANES <= columns; i += LANES) {
      V g = load(dy + i) * load(weight + i);
      store(dx + i, (g - meanG - load(normalized + i) * meanGN) * scale);
    }
    for (; i < columns; i++)
      dx[i] = (dy[i] * weight[i] - meanG - normalized[i] * meanGN) * scale;
  }
}

static void layerNormParameters(const float *dy, const float *normalized, long rows, long columns,
                                long first, long last, float *dweight, float *dbias) {
  for (long r = 0; r < rows; r++) {
    const float *d = dy + r * columns, *n = normalized + r * columns;
    long i = first;
    for (; i + LANES <= last; i += LANES) {
      V v = load(d + i);
      store(dweight + i, load(dweight + i) + v * load(n + i));
      store(dbias + i, load(dbias + i) + v);
    }
    for (; i < last; i++) {
      dweight[i] += d[i] * n[i];
      dbias[i] += d[i];
    }
  }
}

static void softmax(float *x, long rows, long columns) {
  for (long r = 0; r < rows; r++, x += columns) {
    V top = splat(x[0]);
    long i = 0;
    for (; i + LANES <= columns; i += LANES) top = __builtin_elementwise_max(top, load(x + i));
    float m = maximum(top);
    for (long j = i; j < columns; j++) m = x[j] > m ? x[j] : m;
    V total = {};
    for (i = 0; i + LANES <= columns; i += LANES) {
      V e = exponential(load(x + i) - m);
      store(x + i, e);
      total = total + e;
    }
    float s = sum(total);
    if (i < columns) {
      storeFirst(x + i, exponential(loadFirst(x + i, columns - i) - m), columns - i);
      for (long j = i; j < columns; j++) s += x[j];
    }
    const float scale = 1.0f / s;
    for (i = 0; i + LANES <= columns; i += LANES) store(x + i, load(x + i) * scale);
    for (; i < columns; i++) x[i] *= scale;
  }
}

static void gelu(const float *x, float *y, long count) { EACH(count, x, y, geluOf(v)) }

static void geluHalf(const uint16_t *x, uint16_t *y, long count) {
  long i = 0;
  for (; i + LANES <= count; i += LANES) storeHalf(y + i, geluOfNarrow(loadHalf(x + i)));
  if (i < count) storeHalfFirst(y + i, geluOfNarrow(loadHalfFirst(x + i, count - i)), count - i);
}

static void geluBackward(const float *x, const float *dy, float *dx, long count) {
  long i = 0;
  for (; i + LANES <= count; i += LANES) store(dx + i, load(dy + i) * geluDerivative(load(x + i)));
  if (i < count) {
    const long left = count - i;
    storeFirst(dx + i, loadFirst(dy + i, left) * geluDerivative(loadFirst(x + i, left)), left);
  }
}

/// tanh(x) = 1 − 2/(e²ˣ + 1), which neither overflows nor cancels where |x| is large; where it is
/// small the series x − x³/3 + 2x⁵/15 keeps the relative error.
INLINE V hyperbolicTangent(V x) {
  V large = 1.0f - 2.0f / (exponential(2.0f * x) + 1.0f);
  V s = x * x;
  V small = x * (1.0f + s * (-0.33333333f + s * (0.13333333f - s * 0.05396825f)));
  return select(absolute(x) < 0.1f, small, large);
}

static void hyperbolicTangents(const float *x, float *y, long count) {
  EACH(count, x, y, hyperbolicTangent(v))
}

/// 1 + tanh(√(2/π)·(x + 0.044715·x³)): twice what tanh-GELU multiplies x with.
INLINE V geluTanhGate(V x) { return 1.0f + hyperbolicTangent(x * (0.7978845608f + 0.0356774081f * x * x)); }

static void geluTanh(const float *x, float *y, long count) {
  EACH(count, x, y, 0.5f * v * geluTanhGate(v))
}

/// With t = tanh(u):  gelu′ = (1 + t)/2 + x·(1 − t²)/2·u′
INLINE V geluTanhDerivative(V x) {
  const V gate = geluTanhGate(x), slope = 0.7978845608f + 0.1070322243f * x * x;
  return 0.5f * (gate + x * gate * (2.0f - gate) * slope);
}

static void geluTanhBackward(const float *x, const float *dy, float *dx, long count) {
  long i = 0;
  for (; i + LANES <= count; i += LANES) store(dx + i, load(dy + i) * geluTanhDerivative(load(x + i)));
  if (i < count) {
    const long left = count - i;
    storeFirst(dx + i, loadFirst(dy + i, left) * geluTanhDerivative(loadFirst(x + i, left)), left);
  }
}

static void add(const float *x, float *y, long count) {
  long i = 0;
  for (; i + LANES <= count; i += LANES) store(y + i, load(y + i) + load(x + i));
  for (; i < count; i++) y[i] += x[i];
}

static void sumRows(const float *x, long rows, long columns, long first, long last, float *total) {
  for (long r = 0; r < rows; r++) {
    const float *row = x + r * columns;
    long i = first;
    for (; i + LANES <= last; i += LANES) store(total + i, load(total + i) + load(row + i));
    for (; i < last; i++) total[i] += row[i];
  }
}

static void sumHalfRows(const uint16_t *x, long ldx, long rows, long first, long last, float *total) {
  for (long r = 0; r < rows; r++) {
    const uint16_t *row = x + r * ldx;
    long i = first;
    for (; i + LANES <= last; i += LANES) store(total + i, load(total + i) + loadHalf(row + i));
    if (i < last) {
      const long left = last - i;
      storeFirst(total + i, loadFirst(total + i, left) + loadHalfFirst(row + i, left), left);
    }
  }
}
