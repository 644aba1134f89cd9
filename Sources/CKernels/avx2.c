// Eight floats a register, sixteen registers: a micro-tile of 6 × 16.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define LANES 8
#define TILE 6
#define WIDTH 16
#define NAME "avx2"
#define TABLE honeAVX2
#include "variant.inc.h"
#pragma clang attribute pop
#else
typedef int honeNoAVX2;
#endif
