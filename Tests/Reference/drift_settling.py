"""Labels that settle whether an error rate lies above a bound, for DriftTests: the formula with SciPy's beta function,
and how many labels simulated streams really took.

    python3 Tests/Reference/drift_settling.py > Tests/DriftTests/Fixtures/settling.json
"""

import json
import sys

import numpy as np
import scipy
from scipy.special import betaln

random = np.random.default_rng(29)


def evidence(errors, count, bound):
    """Of Robbins' mixture against the bound, a natural logarithm."""
    return (betaln(errors + 0.5, count - errors + 0.5) - betaln(0.5, 0.5)
            - errors * np.log(bound) - (count - errors) * np.log1p(-bound))


def formula(rate, bound, alpha):
    counts = np.arange(1, 60_000)
    settled = evidence(rate * counts, counts, bound) >= np.log(1 / alpha)
    return int(counts[settled.argmax()]) if settled.any() else None


def streams(rate, bound, alpha, runs=400, longest=60_000):
    counts, taken = np.arange(1, longest + 1), []
    for _ in range(runs):
        errors = np.cumsum(random.random(longest) < rate)
        settled = evidence(errors, counts, bound) >= np.log(1 / alpha)
        assert settled.any()
        taken.append(int(counts[settled.argmax()]))
    return {"mean": float(np.mean(taken)), "fourOfFive": float(np.quantile(taken, 0.8))}


def case(rate, bound, alpha=0.05):
    return {"rate": rate, "bound": bound, "alpha": alpha, "labels": formula(rate, bound, alpha),
            **streams(rate, bound, alpha)}


json.dump(
    {"versions": {"scipy": scipy.__version__, "numpy": np.__version__},
     "cases": [case(0.5, 0.127), case(0.3, 0.127), case(0.2, 0.127), case(0.15, 0.127), case(0.1, 0.127),
               case(0.05, 0.127), case(0.0, 0.127), case(0.09, 0.05), case(0.3, 0.2, 0.01)]},
    sys.stdout, indent=1)
print()
