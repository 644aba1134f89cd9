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
typedef uint64_t VL __attribute__((vector_size(8 * LANES), aligned(8)));

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
