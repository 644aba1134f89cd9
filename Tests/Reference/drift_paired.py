"""The paired bootstrap of losses from SciPy, for DriftTests.

    python3 Tests/Reference/drift_paired.py > Tests/DriftTests/Fixtures/paired.json
"""

import json
import sys

import numpy as np
import scipy
from scipy import stats

random = np.random.default_rng(11)


def losses(rows, better):
    """1 - F1 of short texts: many right, many wrong, some between."""
    shares = [0, 1 / 3, 0.5, 0.6, 1]
    champion = random.choice(shares, rows, p=[0.45, 0.1, 0.1, 0.05, 0.3])
    challenger = random.choice(shares, rows, p=[0.45 + better, 0.1, 0.1, 0.05, 0.3 - better])
    return [round(float(x), 6) for x in champion], [round(float(x), 6) for x in challenger]


cases = []
for rows, better in [(80, 0.0), (200, 0.05), (400, 0.05), (400, 0.12), (900, 0.03)]:
    champion, challenger = losses(rows, better)
    differences = np.array(champion) - np.array(challenger)
    found = stats.bootstrap(
        (differences,), np.mean, n_resamples=200_000, method="percentile", confidence_level=0.9, random_state=1)
    means = found.bootstrap_distribution
    cases.append({
        "champion": champion, "challenger": challenger, "mean": float(differences.mean()),
        "meanSquare": float((differences**2).mean()), "p": float((means <= 1e-12).mean()),
        "lower95": float(found.confidence_interval.low), "upper95": float(found.confidence_interval.high),
        "lower999": float(np.quantile(means, 0.001)), "standardError": float(found.standard_error)})

json.dump({"scipy": scipy.__version__, "cases": cases}, sys.stdout)
