// Which variant runs here.
#include "CKernels.h"

#include <stdlib.h>
#include <string.h>

extern const HoneKernels honePortable;
#if defined(__x86_64__)
extern const HoneKernels honeAVX2, honeAVX512, honeAVX512BF16;

static bool hasAVX512(void) {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}
static bool hasAVX512BF16(void) {
  return hasAVX512() && __builtin_cpu_supports("avx512bf16") && __builtin_cpu_supports("avx512vnni");
}
static bool hasAVX2(void) { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }
#endif

const HoneKernels *honeKernelsNamed(const char *name) {
  if (strcmp(name, "portable") == 0) return &honePortable;
#if defined(__x86_64__)
  if (strcmp(name, "avx2") == 0) return hasAVX2() ? &honeAVX2 : 0;
  if (strcmp(name, "avx512bf16") == 0) return hasAVX512BF16() ? &honeAVX512BF16 : 0;
  if (strcmp(name, "avx512") == 0) return hasAVX512() ? &honeAVX512 : 0;
#endif
  return 0;
}

const HoneKernels *honeKernels(void) {
  // Two threads that come here first write the same pointer.
  static const HoneKernels *chosen;
  const HoneKernels *known = __atomic_load_n(&chosen, __ATOMIC_ACQUIRE);
  if (known) return known;
  const char *wish = getenv("HONE_CPU");
  const HoneKernels *best = wish ? honeKernelsNamed(wish) : 0;
  if (!best) best = honeKernelsNamed("avx512bf16");
  if (!best) best = honeKernelsNamed("avx512");
  if (!best) best = honeKernelsNamed("avx2");
  if (!best) best = &honePortable;
  __atomic_store_n(&chosen, best, __ATOMIC_RELEASE);
  return best;
}

long honeAttentionScratch(long length, long headSize) {
  const long padded = (length + 15) / 16 * 16;
  return 2 * headSize * padded + 12 * padded + 64;
}
