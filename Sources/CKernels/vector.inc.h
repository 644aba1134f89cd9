// The vector types of one variant, and arithmetic on them. Included by each variant's file after it
// has defined LANES, the floats of a register.
//
// Clang's vector extensions carry the operators; a product and a sum in one expression become one
// fused instruction where the machine has it.

#include <math.h>
#include <string.h>

typedef float V __attribute__((vector_size(4 * LANES), aligned(4)));
typedef int32_t VI __attribute__((vector_size(4 * LANES), aligned(4)));
typedef uint32_t VU __attribute__((vector_size(4 * LANES), aligned(4)));

#define INLINE static inline __attribute__((always_inline))

INLINE V load(const float *p) { return *(const V *)p; }
INLINE void store(float *p, V v) { *(V *)p = v; }
INLINE V splat(float x) { return x - (V){}; }
INLINE VU splatU(uint32_t x) { return x - (VU){}; }

/// The first `n` lanes from memory, zero in the others.
INLINE V loadFirst(const float *p, long n) {
  float lanes[LANES] = {0};
  memcpy(lanes, p, (size_t)n * sizeof(float));
  return load(lanes);
}

INLINE void storeFirst(float *p, V v, long n) {
  float lanes[LANES];
  store(lanes, v);
  memcpy(p, lanes, (size_t)n * sizeof(float));
}

/// The sum of all lanes, in an order that never changes.
INLINE float sum(V v) {
  float lanes[LANES];
  store(lanes, v);
  for (long half = LANES / 2; half > 0; half /= 2)
    for (long i = 0; i < half; i++) lanes[i] += lanes[i + half];
  return lanes[0];
}

INLINE float maximum(V v) {
  float lanes[LANES];
  store(lanes, v);
  float m = lanes[0];
  for (long i = 1; i < LANES; i++) m = lanes[i] > m ? lanes[i] : m;
  return m;
}

INLINE V select(VI mask, V yes, V no) { return (V)((mask & (VI)yes) | (~mask & (VI)no)); }
INLINE V absolute(V x) { return (V)((VI)x & 0x7fffffff); }

/// eˣ to about 2 ulp in [-87, 88], clamped outside: x = n·ln 2 + r, eʳ by its Taylor polynomial to
/// the sixth degree on |r| ≤ ln 2 / 2, and 2ⁿ by adding n to the exponent.
///
/// NaN stays NaN, though clamping would make a number of it: a training that has diverged must be seen.
INLINE V exponential(V given) {
  V x = __builtin_elementwise_min(__builtin_elementwise_max(given, splat(-87.0f)), splat(88.0f));
  V n = __builtin_elementwise_roundeven(x * 1.44269504f);
  // ln 2 in two parts: the first is exact in few bits, so that n times it is exact too.
  V r = x - n * 0.693359375f;
  r = r + n * 2.12194440e-4f;
  V p = splat(1.0f / 720.0f);
  p = p * r + 1.0f / 120.0f;
  p = p * r + 1.0f / 24.0f;
  p = p * r + 1.0f / 6.0f;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  VI exponent = (__builtin_convertvector(n, VI) + 127) << 23;
  return select(given == given, p * (V)exponent, given);
}

/// Φ(x), the normal distribution function, and φ(x), its density.
///
/// erf is Abramowitz and Stegun's 7.1.26, absolute error at most 1.5·10⁻⁷: below what f32 resolves
/// of 1. Its exponential is the one that the density needs.
INLINE V normal(V x, V *density) {
  V z = absolute(x) * 0.70710678f;
  V t = 1.0f / (1.0f + 0.3275911f * z);
  V e = exponential(-(z * z));
  V p = splat(1.061405429f);
  p = p * t - 1.453152027f;
  p = p * t + 1.421413741f;
  p = p * t - 0.284496736f;
  p = p * t + 0.254829592f;
  V erf = 1.0f - p * t * e;
  erf = select(x < 0.0f, -erf, erf);
  *density = e * 0.39894228f;
  return 0.5f * (1.0f + erf);
}

INLINE V geluOf(V x) {
  V density;
  return x * normal(x, &density);
}

INLINE V geluDerivative(V x) {
  V density;
  V cumulative = normal(x, &density);
  return cumulative + x * density;
}

/// GELU to 5·10⁻⁵ where |x| < 4 and 4·10⁻⁵·|x| beyond: what bf16 and bytes can hold of it, at a
/// quarter of the cost. Φ(x) − ½ is an odd polynomial, fitted for the least largest error of x·Φ(x).
INLINE V geluOfNarrow(V x) {
  V z = __builtin_elementwise_min(__builtin_elementwise_max(x, splat(-4.0f)), splat(4.0f));
  V t = z * z;
  V p = splat(-1.30128985e-09f);
  p = p * t + 1.04195749e-07f;
  p = p * t - 3.65712526e-06f;
  p = p * t + 7.48549428e-05f;
  p = p * t - 1.00648962e-03f;
  p = p * t + 9.50539578e-03f;
  p = p * t - 6.58878386e-02f;
  p = p * t + 3.98673385e-01f;
  return x * (z * p + 0.5f);
}

/// Its derivative, to 3·10⁻⁴; fitted in the same way.
INLINE V geluDerivativeOfNarrow(V x) {
  V z = __builtin_elementwise_min(__builtin_elementwise_max(x, splat(-4.2f)), splat(4.2f));
  V t = z * z;
  V p = splat(7.02933323e-10f);
  p = p * t - 6.38681286e-08f;
  p = p * t + 2.53137273e-06f;
  p = p * t - 5.78471554e-05f;
  p = p * t + 8.49810662e-04f;
  p = p * t - 8.4547624e-03f;
  p = p * t + 5.78323677e-02f;
  p = p * t - 2.64168203e-01f;
  p = p * t + 7.97410607e-01f;
  return select(x == x, z * p + 0.5f, x);
}

/// Applies `body` to whole vectors `V v` of x and to the rest of it, `count` floats in all.
#define EACH(count, x, y, body)                       \
  long i = 0;                                         \
  for (; i + LANES <= (count); i += LANES) {          \
    V v = load((x) + i);                              \
    store((y) + i, body);                             \
  }                                                   \
  if (i < (count)) {                                  \
    V v = loadFirst((x) + i, (count) - i);            \
    storeFirst((y) + i, body, (count) - i);           \
  }

// Words are moved as floats, which changes no bit of them.

typedef float V8 __attribute__((vector_size(32), aligned(4)));

/// Turns 8 × 8 words over: rows become columns. Pairs, fours, then eights.
INLINE void transpose8(const float *b, long ldb, float *out, long ldo) {
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
    *(V8 *)(out + i * ldo) = __builtin_shufflevector(r[i], r[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    *(V8 *)(out + (i + 4) * ldo) = __builtin_shufflevector(r[i], r[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
  }
}
