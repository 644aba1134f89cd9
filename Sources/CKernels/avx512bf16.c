// As AVX-512, with the two instructions that multiply more than one number a lane: two bf16
// (`vdpbf16ps`) or four bytes (`vpdpbusd`).
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma,avx512f,avx512bw,avx512dq,avx512vl,avx512bf16,avx512vnni"))), apply_to = function)
#define LANES 16
#define TILE 8
#define WIDTH 48
#define NAME "avx512bf16"
#define TABLE honeAVX512BF16
#define DOT_HALF
#define dotHalf(c, a, b) __builtin_ia32_dpbf16ps_512(c, (HalfPairs)(a), (HalfPairs)(b))
#define dotBytes(c, a, b) ((VI)__builtin_ia32_vpdpbusd512(c, a, b))
typedef __bf16 HalfPairs __attribute__((vector_size(64)));
#include "variant.inc.h"
#pragma clang attribute pop
#else
typedef int honeNoAVX512BF16;
#endif
