"""Two-sample tests of numbers and vectors from SciPy and scikit-learn, for DriftTests.

    python3 Tests/Reference/drift_embeddings.py > Tests/DriftTests/Fixtures/embeddings.json

Vectors are described, not stored: the tests rebuild them with SplitMix64, whose twin stands below.
"""

import itertools
import json
import sys

import numpy as np
import scipy
import sklearn
from scipy import stats
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.metrics.pairwise import rbf_kernel
from sklearn.preprocessing import StandardScaler

from drift_detectors import splitmix64


def vectors(seed, count, dimensions, shift):
    """Uniform numbers in [0, 1), the first coordinate moved by shift, in single precision."""
    random = splitmix64(seed)
    rows = np.array([[next(random) * 2.0**-53 for _ in range(dimensions)] for _ in range(count)])
    rows[:, 0] += shift
    return rows.astype(np.float32)


def bandwidth(pooled):
    return float(np.median(scipy.spatial.distance.pdist(pooled.astype(np.float64))))


def mmd(x, y, sigma):
    k = rbf_kernel(np.vstack([x, y]).astype(np.float64), gamma=1 / (2 * sigma**2))
    n, m = len(x), len(y)
    xx, yy, xy = k[:n, :n], k[n:, n:], k[:n, n:]
    return ((xx.sum() - n) / (n * (n - 1)) + (yy.sum() - m) / (m * (m - 1)) - 2 * xy.mean())


def discrepancy(seed, n, m, dimensions, shift):
    x, y = vectors(seed, n, dimensions, shift), vectors(seed + 1, m, dimensions, 0)
    sigma = bandwidth(np.vstack([x, y]))
    return {"seed": seed, "n": n, "m": m, "dimensions": dimensions, "shift": shift,
            "bandwidth": sigma, "squared": mmd(x, y, sigma)}


def every_relabelling(seed, n, m, dimensions, shift):
    """The exact permutation p: of all ways to pick n of n + m rows, the share that reaches the observed one."""
    x, y = vectors(seed, n, dimensions, shift), vectors(seed + 1, m, dimensions, 0)
    pooled = np.vstack([x, y])
    sigma, observed = bandwidth(pooled), mmd(x, y, bandwidth(pooled))
    ways = [mmd(pooled[list(part)], np.delete(pooled, list(part), axis=0), sigma)
            for part in itertools.combinations(range(n + m), n)]
    return {"seed": seed, "n": n, "m": m, "dimensions": dimensions, "shift": shift,
            "p": float(np.mean(np.array(ways) >= observed - 1e-12))}


def domain(seed, n, m, dimensions, shift, folds):
    x, y = vectors(seed, n, dimensions, shift), vectors(seed + 1, m, dimensions, 0)
    pooled = StandardScaler().fit_transform(np.vstack([x, y]).astype(np.float64))
    label = np.array([1] * n + [0] * m)
    fold = np.array([i % folds for i in range(n)] + [i % folds for i in range(m)])
    scores, won, pairs, variance = np.zeros(n + m), 0.0, 0, 0.0
    for held in range(folds):
        model = LogisticRegression(C=1.0, tol=1e-12, max_iter=10_000).fit(pooled[fold != held], label[fold != held])
        scores[fold == held] = model.decision_function(pooled[fold == held])
        positive, negative = scores[(fold == held) & (label == 1)], scores[(fold == held) & (label == 0)]
        test = stats.mannwhitneyu(positive, negative)
        won, pairs = won + test.statistic, pairs + len(positive) * len(negative)
        variance += len(positive) * len(negative) * (len(positive) + len(negative) + 1) / 12
    return {"seed": seed, "n": n, "m": m, "dimensions": dimensions, "shift": shift, "folds": folds,
            "area": won / pairs, "p": stats.norm.sf((won - pairs / 2) / variance**0.5), "scores": list(scores[:n])}


def ranks(positive, negative):
    test = stats.mannwhitneyu(positive, negative, alternative="greater", method="asymptotic", use_continuity=False)
    return {"positive": positive, "negative": negative, "p": test.pvalue,
            "area": roc_auc_score([1] * len(positive) + [0] * len(negative), positive + negative)}


def regression(seed, n, dimensions, c):
    x = vectors(seed, n, dimensions, 0).astype(np.float64)
    label = (x.sum(axis=1) + vectors(seed + 1, n, 1, 0)[:, 0] > dimensions / 2 + 0.5).astype(int)
    model = LogisticRegression(C=c, tol=1e-12, max_iter=10_000).fit(x, label)
    return {"seed": seed, "n": n, "dimensions": dimensions, "c": c, "labels": label.tolist(),
            "weights": model.coef_[0].tolist(), "intercept": float(model.intercept_[0])}


def histogram(current, reference):
    used = np.array([(c, r) for c, r in zip(current, reference) if c + r > 0]).T
    test = stats.chi2_contingency(used, correction=False, lambda_="log-likelihood")
    places = [float(i * i) for i in range(len(current))]
    return {"current": current, "reference": reference, "g": test.statistic, "p": test.pvalue,
            "degreesOfFreedom": int(test.dof), "places": places,
            "wasserstein": stats.wasserstein_distance(places, places, current, reference)}


def lists(x, y):
    return {"x": x, "y": y, "distance": stats.wasserstein_distance(x, y)}


json.dump(
    {
        "versions": {"scipy": scipy.__version__, "numpy": np.__version__, "scikit-learn": sklearn.__version__},
        "histograms": [histogram(*pair) for pair in (
            ([10, 20, 30], [10, 20, 30]), ([0, 5, 95], [50, 45, 5]), ([7, 0, 3, 0], [900, 20, 80, 0]), ([120, 80], [1100, 900]))],
        "lists": [lists([1.0], [4.5]), lists([0.0, 1.0, 3.0], [5.0, 6.0, 8.0]), lists([3.0, 3.0, 9.0, -2.0], [3.0, 0.5]),
                  lists([0.1 * i * i for i in range(17)], [1.5 * i for i in range(9)])],
        "discrepancies": [discrepancy(11, 20, 30, 8, 0.0), discrepancy(13, 40, 25, 64, 0.5), discrepancy(15, 2, 2, 3, 1.0)],
        "relabellings": [every_relabelling(31, 5, 6, 3, 0.4), every_relabelling(33, 7, 4, 2, 0.0)],
        "regressions": [regression(41, 60, 3, 1.0), regression(43, 40, 10, 0.1), regression(45, 50, 5, 100.0)],
        "ranks": [ranks([1.0, 2.0, 3.5], [0.5, 2.0, 2.0, 1.0]), ranks([5.0, 6.0], [1.0, 2.0, 3.0]),
                  ranks([0.1 * (i * 7 % 23) for i in range(23)], [0.13 * (i * 5 % 17) for i in range(17)])],
        "domains": [domain(51, 30, 40, 4, 0.6, 5), domain(53, 25, 25, 8, 0.0, 4)],
    },
    sys.stdout,
    indent=1,
)
print()
