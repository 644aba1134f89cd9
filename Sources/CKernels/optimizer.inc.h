// AdamW (Loshchilov and Hutter, arXiv 1711.05101) in one pass over weights, gradient and moments.

static void adamW(const HoneAdamW *p, const float *gradient, float *weight, float *moment1, float *moment2,
                  long count) {
  const float decay = 1.0f - p->learningRate * p->weightDecay;
  const float rate = p->learningRate / p->correction1;
  const float inverse2 = 1.0f / p->correction2;
  long i = 0;
  for (; i + LANES <= count; i += LANES) {
    V g = load(gradient + i) * p->gradientScale;
    V m = p->beta1 * load(moment1 + i) + (1.0f - p->beta1) * g;
    V v = p->beta2 * load(moment2 + i) + (1.0f - p->beta2) * (g * g);
    store(moment1 + i, m);
    store(moment2 + i, v);
    V step = rate * m / (__builtin_elementwise_sqrt(v * inverse2) + p->epsilon);
    store(weight + i, decay * load(weight + i) - step);
  }
  for (; i < count; i++) {
    const float g = gradient[i] * p->gradientScale;
    const float m = p->beta1 * moment1[i] + (1.0f - p->beta1) * g;
    const float v = p->beta2 * moment2[i] + (1.0f - p->beta2) * (g * g);
    moment1[i] = m;
    moment2[i] = v;
    weight[i] = decay * weight[i] - rate * m / (sqrtf(v * inverse2) + p->epsilon);
  }
}

/// In doubles, sixteen interleaved sums joined at the end: an order that depends on nothing.
static double sumOfSquares(const float *x, long count) {
  double lanes[16] = {0};
  long i = 0;
  for (; i + 16 <= count; i += 16)
    for (long l = 0; l < 16; l++) lanes[l] += (double)x[i + l] * (double)x[i + l];
  for (; i < count; i++) lanes[i % 16] += (double)x[i] * (double)x[i];
  double total = 0;
  for (long l = 0; l < 16; l++) total += lanes[l];
  return total;
}
