"""Scores of a seeded set of predictions from scikit-learn and torchmetrics, for DriftTests.

    python3 Tests/Reference/drift_performance.py > Tests/DriftTests/Fixtures/performance.json
"""

import json
import sys

import numpy as np
import scipy
import sklearn
import torch
import torchmetrics
from scipy import optimize, special
from sklearn import metrics
from torchmetrics.functional.classification import multiclass_calibration_error

random = np.random.default_rng(11)


def case(name, rows, classes, scale, shift, absent=None):
    truth = random.integers(0, classes, rows)
    if absent is not None:
        truth[truth == absent] = (absent + 1) % classes
    logits = np.round(random.normal(0, scale, (rows, classes)), 3)
    logits[np.arange(rows), truth] += shift
    logits = np.round(logits, 3)
    p = special.softmax(logits, axis=1)
    predicted = p.argmax(axis=1)

    def loss(t):
        return metrics.log_loss(truth, special.softmax(logits / t, axis=1), labels=list(range(classes)))

    fit = optimize.minimize_scalar(loss, bounds=(0.05, 20), method="bounded", options={"xatol": 1e-9})
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        truth, predicted, labels=list(range(classes)), zero_division=0)
    return {
        "name": name, "classes": classes, "truth": truth.tolist(), "logits": logits.tolist(),
        "accuracy": metrics.accuracy_score(truth, predicted),
        "balancedAccuracy": metrics.balanced_accuracy_score(truth, predicted),
        "macroF1": metrics.f1_score(truth, predicted, average="macro", zero_division=0),
        "precision": precision.tolist(), "recall": recall.tolist(), "f1": f1.tolist(), "support": support.tolist(),
        "confusion": metrics.confusion_matrix(truth, predicted, labels=list(range(classes))).tolist(),
        "logLoss": loss(1.0),
        "brier": metrics.brier_score_loss(truth, p, labels=list(range(classes)), scale_by_half=False),
        "calibrationError": float(multiclass_calibration_error(
            torch.tensor(p), torch.tensor(truth), num_classes=classes, n_bins=15, norm="l1")),
        "temperature": fit.x,
    }


json.dump(
    {
        "versions": {"scikit-learn": sklearn.__version__, "scipy": scipy.__version__, "numpy": np.__version__,
                     "torch": torch.__version__, "torchmetrics": torchmetrics.__version__},
        "cases": [case("two classes", 60, 2, 1, 1.5), case("overconfident", 50, 3, 6, 4),
                  case("an absent class", 50, 4, 1, 1, absent=2)],
    },
    sys.stdout,
)
print()
