// Sixteen floats a register, thirty-two registers: a micro-tile of 8 × 48.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma,avx512f,avx512bw,avx512dq,avx512vl"))), apply_to = function)
#define LANES 16
#define TILE 8
#define WIDTH 48
#define NAME "avx512"
#define TABLE honeAVX512
#include "variant.inc.h"
#pragma clang attribute pop
#else
typedef int honeNoAVX512;
#endif
