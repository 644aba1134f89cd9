// All kernels of one variant. The including file defines LANES, TILE, WIDTH, NAME and TABLE.

#include "CKernels.h"

#include "vector.inc.h"
#include "half.inc.h"

#include "product.inc.h"
#include "rows.inc.h"

#include "dropout.inc.h"

#include "attention.inc.h"
#include "optimizer.inc.h"

const HoneKernels TABLE = {
    .name = NAME,
    .panelWidth = WIDTH,
    .product = product,
    .pack = pack,
    .packTransposed = packTransposed,
    .toHalf = toHalf,
    .fromHalf = fromHalves,
    .pairRows = pairRows,
    .pairHalfRows = pairHalfRows,
    .quantize = quantize,
    .quantizeWeights = quantizeWeights,
    .layerNorm = layerNorm,
    .layerNormBackward = layerNormBackward,
    .layerNormParameters = layerNormParameters,
    .gelu = gelu,
    .geluHalf = geluHalf,
    .geluBackward = geluBackward,
    .geluTanh = geluTanh,
    .geluTanhBackward = geluTanhBackward,
    .tanh = hyperbolicTangents,
    .softmax = softmax,
    .add = add,
    .sumRows = sumRows,
    .sumHalfRows = sumHalfRows,
    .dropout = dropout,
    .attention = attention,
    .attentionBackward = attentionBackward,
    .adamW = adamW,
    .sumOfSquares = sumOfSquares,
};
