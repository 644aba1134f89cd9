"""Corrections, slices and word shifts from statsmodels, SciPy and NumPy, for DriftTests.

    python3 Tests/Reference/drift_causes.py > Tests/DriftTests/Fixtures/causes.json
"""

import json
import sys

import numpy as np
import scipy
import statsmodels
from scipy import stats
from statsmodels.stats.multitest import multipletests

random = np.random.default_rng(3)


def holm(p):
    return {"p": p, "corrected": multipletests(p, method="holm")[1].tolist()}


def slices():
    properties = {"length": ["short", "long"], "source": ["web", "mail", "forum"]}
    rows = [{name: str(random.choice(values)) for name, values in properties.items()} for _ in range(120)]
    loss = np.round(random.random(120) + np.array([0.3 * (row["source"] == "forum") for row in rows]), 3)
    reports = []
    for name, values in properties.items():
        for value in values:
            inside = np.array([row[name] == value for row in rows])
            test = stats.ttest_ind(loss[inside], loss[~inside], equal_var=False, alternative="greater")
            reports.append({"property": name, "value": value, "count": int(inside.sum()), "p": test.pvalue,
                            "meanLoss": loss[inside].mean(), "meanLossOutside": loss[~inside].mean()})
    corrected = multipletests([report["p"] for report in reports], method="holm")[1]
    for report, p in zip(reports, corrected):
        report["corrected"] = p
    return {"rows": rows, "losses": loss.tolist(), "reports": reports}


def words(current, reference, prior_size):
    """Monroe, Colaresi and Quinn, equations 16, 18 and 22, the prior spread as in both stretches."""
    terms = sorted(set(current) | set(reference))
    y1, y2 = (np.array([counts.get(term, 0) for term in terms], float) for counts in (current, reference))
    n1, n2 = y1.sum(), y2.sum()
    alpha = prior_size * (y1 + y2) / (n1 + n2)
    delta = (np.log((y1 + alpha) / (n1 + prior_size - y1 - alpha)) - np.log((y2 + alpha) / (n2 + prior_size - y2 - alpha)))
    z = delta / np.sqrt(1 / (y1 + alpha) + 1 / (y2 + alpha))
    return {"current": current, "reference": reference, "priorSize": prior_size,
            "terms": terms, "logOddsRatio": delta.tolist(), "z": z.tolist()}


def onset(seed, before, after, p, q):
    """The most likely split by brute force over SciPy's binomial likelihoods."""
    draw = np.random.default_rng(seed)
    rows = np.concatenate([draw.random(before) < p, draw.random(after) < q]).astype(int)
    n = len(rows)

    def loglikelihood(part):
        return stats.bernoulli.logpmf(part, part.mean()).sum() if 0 < part.sum() < len(part) else 0.0

    profile = np.array([loglikelihood(rows[:split]) + loglikelihood(rows[split:]) for split in range(1, n)])
    near = np.flatnonzero(profile >= profile.max() - 3) + 1
    best = int(profile.argmax()) + 1
    return {"rows": rows.tolist(), "index": best, "range": [int(near[0]), int(near[-1])],
            "errorBefore": rows[:best].mean(), "errorAfter": rows[best:].mean()}


json.dump(
    {"versions": {"statsmodels": statsmodels.__version__, "scipy": scipy.__version__, "numpy": np.__version__},
     "holm": [holm([0.01, 0.04, 0.03, 0.005]), holm([0.5, 0.9, 0.6]), holm([0.001]), holm([0.02, 0.02, 0.02, 1.0])],
     "student": [[t, nu, stats.t.sf(t, nu)] for t, nu in ((0.0, 3.0), (1.5, 7.3), (-2.2, 41.5), (6.0, 2.0), (12.0, 300.7))],
     "slices": slices(),
     "words": [words({"goal": 40, "the": 300, "vote": 2, "new goal": 9}, {"goal": 3, "the": 280, "vote": 30, "tax": 12}, 1000.0),
               words({"a": 1, "b": 5}, {"a": 2, "c": 1}, 10.0)],
     "onsets": [onset(1, 120, 80, 0.1, 0.5), onset(2, 60, 140, 0.3, 0.05)]},
    sys.stdout)
print()
