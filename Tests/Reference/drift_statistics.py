"""Intervals, distances and tests from SciPy, for DriftTests.

    python3 Tests/Reference/drift_statistics.py > Tests/DriftTests/Fixtures/statistics.json
"""

import json
import sys

import numpy as np
import scipy
from scipy import optimize, special, stats
from scipy.spatial.distance import jensenshannon

random = np.random.default_rng(7)

PROPORTIONS = [(0, 1), (1, 1), (0, 20), (3, 20), (20, 20), (80, 1000), (500, 1000), (999, 1000), (12345, 100000)]


def intervals(k, n, confidence):
    result = stats.binomtest(k, n)
    exact = result.proportion_ci(confidence, method="exact")
    wilson = result.proportion_ci(confidence, method="wilson")
    upper = stats.binomtest(k, n, alternative="less").proportion_ci(confidence, method="exact").high
    lower = stats.binomtest(k, n, alternative="greater").proportion_ci(confidence, method="exact").low
    return {"k": k, "n": n, "confidence": confidence, "exact": list(exact), "wilson": list(wilson),
            "upper": upper, "lower": lower}


def confidence_sequence(s, t, alpha):
    mixture = special.betaln(s + 0.5, t - s + 0.5) - special.betaln(0.5, 0.5)

    def excess(p):
        return mixture - special.xlogy(s, p) - special.xlog1py(t - s, -p) + np.log(alpha)

    at = s / t
    low = 0.0 if s == 0 else optimize.brentq(excess, 1e-300, at, xtol=1e-15, rtol=1e-14)
    high = 1.0 if s == t else optimize.brentq(excess, at, 1 - 1e-16, xtol=1e-15, rtol=1e-14)
    return {"errors": s, "count": t, "alpha": alpha, "interval": [low, high]}


def histograms():
    cases = [([10, 20, 30], [10, 20, 30]), ([0, 5, 95], [50, 45, 5]), ([7, 0, 3, 0], [900, 20, 80, 0]),
             ([120, 80], [1100, 900]), (random.multinomial(500, [0.1] * 10), random.multinomial(2000, [0.1] * 10))]
    for current, reference in cases:
        current, reference = [[int(x) for x in side] for side in (current, reference)]
        used = [(c, r) for c, r in zip(current, reference) if c + r > 0]
        test = stats.chi2_contingency(np.array(used).T, correction=False)
        smooth = [(np.array(side) + 0.5) / (sum(side) + len(side) / 2) for side in (current, reference)]
        yield {"current": current, "reference": reference, "jensenShannon": jensenshannon(current, reference),
               "chiSquared": test.statistic, "p": test.pvalue, "degreesOfFreedom": int(test.dof),
               "psi": float(np.sum((smooth[0] - smooth[1]) * np.log(smooth[0] / smooth[1])))}


def smirnov(x, y, method="exact"):
    x, y = np.round(x, 6), np.round(y, 6)
    test = stats.ks_2samp(x, y, method=method)
    return {"x": list(x), "y": list(y), "statistic": test.statistic, "p": test.pvalue}


samples = [
    smirnov(random.normal(size=8), random.normal(size=8)),
    smirnov(random.normal(size=12), random.normal(1, size=7)),
    smirnov(random.normal(size=60), random.normal(0.3, size=45)),
    smirnov(random.normal(size=40), random.normal(5, size=40)),
    smirnov(np.round(random.normal(size=30), 1), np.round(random.normal(size=30), 1)),
    smirnov([1.0, 2.0, 3.0], [1.0, 2.0, 3.0]),
]

pairs = [(0, 0), (0, 5), (5, 0), (1, 0), (12, 3), (30, 30), (61, 40), (400, 300), (3, 12)]

json.dump(
    {
        "versions": {"scipy": scipy.__version__, "numpy": np.__version__},
        "proportions": [intervals(k, n, c) for k, n in PROPORTIONS for c in (0.95, 0.99)],
        "sequences": [confidence_sequence(s, t, a) for s, t in PROPORTIONS for a in (0.05, 0.001)],
        "histograms": list(histograms()),
        "smirnov": samples,
        "kolmogorov": [[x, stats.kstwobign.sf(x)] for x in (0.2, 0.5, 0.8, 0.99, 1.0, 1.36, 2.0, 4.0)],
        "mcNemar": [[b, c, stats.binomtest(b, b + c, 0.5, alternative="greater").pvalue if b + c else 1.0]
                    for b, c in pairs],
        "normal": [[p, stats.norm.ppf(p)] for p in (1e-12, 0.001, 0.025, 0.5, 0.8, 0.95, 0.999)],
        "gamma": [[a, x, special.gammaincc(a, x)]
                  for a, x in ((0.5, 0.01), (0.5, 3), (1, 1), (4.5, 2), (4.5, 20), (50, 40), (50, 60), (0.5, 300))],
        "beta": [[x, a, b, special.betainc(a, b, x)]
                 for x, a, b in ((0.1, 0.5, 0.5), (0.5, 1, 1), (0.3, 2, 8), (0.9, 20, 3), (0.5, 1000, 1040),
                                 (0.01, 0.5, 100), (0.12345, 12345, 87656))],
    },
    sys.stdout,
    indent=1,
)
print()
