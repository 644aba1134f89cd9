// Random numbers that need no state: Philox4x32-10 (Salmon et al., SC'11), LANES counters at a time.
//
// Element e of a stream is word e mod 4 of the block with counter (e / 4, stream); whoever asks for
// it, in whatever order, gets the same. So dropout masks are computed again in the backward pass
// instead of being kept.

INLINE void philoxRound(VU c[4], uint32_t k0, uint32_t k1) {
  VL p0 = __builtin_convertvector(c[0], VL) * 0xD2511F53u;
  VL p1 = __builtin_convertvector(c[2], VL) * 0xCD9E8D57u;
  VU high0 = __builtin_convertvector(p0 >> 32, VU), low0 = __builtin_convertvector(p0, VU);
  VU high1 = __builtin_convertvector(p1 >> 32, VU), low1 = __builtin_convertvector(p1, VU);
  VU c1 = c[1], c3 = c[3];
  c[0] = high1 ^ c1 ^ k0;
  c[1] = low1;
  c[2] = high0 ^ c3 ^ k1;
  c[3] = low0;
}

/// Blocks [block, block + LANES) of a stream: out[w] holds word w of each of them.
INLINE void philox(uint64_t block, uint64_t seed, uint64_t stream, VU out[4]) {
  uint32_t low[LANES], high[LANES];
  for (long i = 0; i < LANES; i++) {
    low[i] = (uint32_t)(block + (uint64_t)i);
    high[i] = (uint32_t)((block + (uint64_t)i) >> 32);
  }
  memcpy(&out[0], low, sizeof low);
  memcpy(&out[1], high, sizeof high);
  out[2] = splatU((uint32_t)stream);
  out[3] = splatU((uint32_t)(stream >> 32));
  uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
  for (int round = 0; round < 10; round++) {
    philoxRound(out, k0, k1);
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
}

static void dropout(const float *x, float *y, long first, long count, float rate, uint64_t seed,
                    uint64_t stream) {
  // Words below the threshold drop their element.
  const uint32_t threshold = (uint32_t)((double)rate * 4294967296.0);
  const float scale = 1.0f / (1.0f - rate);
  uint32_t words[4 * LANES];
  VU block[4];
  const long end = first + count;
  for (long start = first / (4 * LANES) * (4 * LANES); start < end; start += 4 * LANES) {
    philox((uint64_t)(start / 4), seed, stream, block);
    for (long w = 0; w < 4; w++)
      for (long l = 0; l < LANES; l++) words[4 * l + w] = block[w][l];
    const long from = start < first ? first : start;
    const long to = start + 4 * LANES < end ? start + 4 * LANES : end;
    for (long e = from; e < to; e++)
      y[e - first] = words[e - start] < threshold ? 0.0f : x[e - first] * scale;
  }
}
