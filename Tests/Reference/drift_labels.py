"""Scores of rankings and of macro averages from scikit-learn, for DriftTests.

    python3 Tests/Reference/drift_labels.py > Tests/DriftTests/Fixtures/labels.json
"""

import json
import sys

import numpy as np
import sklearn
from scipy import special
from sklearn import metrics

random = np.random.default_rng(23)


def case(name, rows, classes, unseen=None):
    truth = random.integers(0, classes, rows)
    if unseen is not None:
        truth[truth == unseen] = (unseen + 1) % classes
    logits = random.normal(0, 1, (rows, classes))
    logits[np.arange(rows), truth] += 1
    p = np.round(special.softmax(logits, axis=1), 2)  # rounded, so that scores tie
    predicted = p.argmax(axis=1)
    areas = [metrics.roc_auc_score(truth == k, p[:, k]) for k in range(classes) if (truth == k).any()]
    if unseen is None and classes > 2:
        summed = p / p.sum(axis=1, keepdims=True)
        areas = [metrics.roc_auc_score(truth == k, summed[:, k]) for k in range(classes)]
        p, areas = summed, [metrics.roc_auc_score(truth, summed, multi_class="ovr", average="macro")]
    return {"name": name, "truth": truth.tolist(), "probabilities": p.tolist(), "macroArea": float(np.mean(areas)),
            "macroPrecision": metrics.precision_score(truth, predicted, average="macro", zero_division=0),
            "macroRecall": metrics.recall_score(truth, predicted, average="macro", zero_division=0)}


def weighted(rows):
    propensity = np.round(random.uniform(0.1, 1, rows), 3)
    loss = (random.random(rows) < 0.3).astype(float)
    weight = 1 / propensity
    mean = np.average(loss, weights=weight)
    error = float(np.sqrt(np.sum(weight**2 * (loss - mean) ** 2)) / weight.sum())
    # Waudby-Smith et al., theorem 2.2, with rho squared for a boundary that is tightest at 500 rows.
    rho2, sigma = (-2 * np.log(0.05) + np.log(-2 * np.log(0.05) + 1)) / 500, error * np.sqrt(rows)
    reach = sigma * np.sqrt(2 * (rows * rho2 + 1) / (rows**2 * rho2) * np.log(np.sqrt(rows * rho2 + 1) / 0.05))
    return {"propensities": propensity.tolist(), "losses": loss.tolist(), "mean": mean,
            "standardError": error, "anytimeReach": float(reach),
            "effectiveCount": float(weight.sum() ** 2 / np.sum(weight**2))}


json.dump(
    {"versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__},
     "cases": [case("two classes", 50, 2), case("three classes", 60, 3), case("an absent class", 40, 4, unseen=1)],
     "weighted": [weighted(40), weighted(7)]},
    sys.stdout)
print()
