// Random numbers that need no state: Philox4x32-7 (Salmon et al., SC'11), LANES counters at a time. Seven
// rounds pass all tests of BigCrush; ten, the usual number, are a margin that masks do not need.
//
// An element takes 16 bits. Elements go in groups of 128: 128g + 64h + 16w + l is half h of word w of the
// block with counter (16g + l, stream). So a register holds neighbours, on machines of every width the
// same, and whoever asks for an element, in whatever order, gets the same: dropout masks are computed
// again in the backward pass instead of being kept.

enum { MASK_GROUP = 128, GROUP_BLOCKS = 16, MASK_ROUNDS = 7 };

typedef uint64_t VQ __attribute__((vector_size(4 * LANES)));

/// The upper halves of the products of all lanes with m: even lanes and odd ones as 64-bit numbers.
INLINE VU upperProduct(VU x, uint64_t m) {
  VQ even = ((VQ)x & 0xFFFFFFFFu) * m, odd = ((VQ)x >> 32) * m;
  return (VU)((even >> 32) | (odd & 0xFFFFFFFF00000000u));
}

INLINE void philoxRound(VU c[4], uint32_t k0, uint32_t k1) {
  VU high0 = upperProduct(c[0], 0xD2511F53u), low0 = c[0] * 0xD2511F53u;
  VU high1 = upperProduct(c[2], 0xCD9E8D57u), low1 = c[2] * 0xCD9E8D57u;
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
  for (int round = 0; round < MASK_ROUNDS; round++) {
    philoxRound(out, k0, k1);
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
}

static void dropout(const float *x, float *y, long first, long count, float rate, uint64_t seed,
                    uint64_t stream) {
  // Halves below the threshold drop their element.
  const VU threshold = splatU((uint32_t)(rate * 65536.0f));
  const float scale = 1.0f / (1.0f - rate);
  const long end = first + count;
  for (long group = first / MASK_GROUP; group * MASK_GROUP < end; group++) {
    for (long part = 0; part < GROUP_BLOCKS; part += LANES) {
      VU words[4];
      philox((uint64_t)(group * GROUP_BLOCKS + part), seed, stream, words);
      for (long piece = 0; piece < 8; piece++) {
        const long e = group * MASK_GROUP + piece * GROUP_BLOCKS + part;
        if (e >= end || e + LANES <= first) continue;
        const VU word = words[piece % 4], half = piece < 4 ? word & 0xFFFFu : word >> 16;
        const VI isKept = (VI)(half >= threshold);
        if (e >= first && e + LANES <= end) {
          store(y + e - first, select(isKept, load(x + e - first) * scale, (V){}));
          continue;
        }
        for (long l = 0; l < LANES; l++)
          if (e + l >= first && e + l < end) y[e + l - first] = isKept[l] ? x[e + l - first] * scale : 0;
      }
    }
  }
}
