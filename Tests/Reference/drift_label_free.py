"""Performance and class shares without labels, from NannyML and NumPy, for DriftTests.

    python3 Tests/Reference/drift_label_free.py > Tests/DriftTests/Fixtures/label_free.json
"""

import json
import logging
import sys
import warnings

import nannyml
import numpy as np
import pandas as pd
import scipy
from scipy import optimize, special, stats

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)
random = np.random.default_rng(5)


class Identity:
    """No calibration: the probabilities handed in are the calibrated ones."""

    def fit(self, *arguments, **named):
        pass

    def calibrate(self, y_pred_proba, *arguments, **named):
        return y_pred_proba


def rows(count, classes, scale):
    logits = np.round(random.normal(0, scale, (count, classes)), 2)
    return np.round(special.softmax(logits, axis=1), 4)


def normalised(p):
    return p / p.sum(axis=1, keepdims=True)


def cbpe(count, classes, scale):
    p = normalised(rows(count, classes, scale))
    truth = np.array([random.choice(classes, p=row) for row in p])
    names = [f"p{k}" for k in range(classes)]
    frame = pd.DataFrame(p, columns=names).assign(prediction=p.argmax(axis=1), truth=truth)
    estimator = nannyml.CBPE(
        problem_type="classification_multiclass", y_pred_proba={k: f"p{k}" for k in range(classes)},
        y_pred="prediction", y_true="truth", metrics=["accuracy", "f1"], chunk_size=count, calibrator=Identity())
    estimator.fit(pd.concat([frame] * 2, ignore_index=True))
    found = estimator.estimate(frame).to_df().iloc[-1]
    accuracy, f1 = simulated(p)
    return {"probabilities": p.tolist(), "accuracy": float(found[("accuracy", "value")]), "macroF1": float(found[("f1", "value")]),
            "simulatedAccuracyError": accuracy, "simulatedF1Error": f1}


def simulated(p, draws=20_000):
    """The standard deviation of accuracy and macro-F1 where each row's truth is drawn from its probabilities."""
    n, k = p.shape
    prediction = p.argmax(axis=1)
    truth = (random.random((draws, n, 1)) > p.cumsum(axis=1)[None]).sum(axis=2).clip(0, k - 1)
    right = truth == prediction
    scores = []
    for label in range(k):
        hits = (right & (prediction == label)).sum(axis=1)
        scores.append(2 * hits / ((prediction == label).sum() + (truth == label).sum(axis=1)))
    return float(right.mean(axis=1).std()), float(np.mean(scores, axis=0).std())


def em(p, training):
    shares, steps = training.copy(), 0
    while True:
        weight = p * shares / training
        following = (weight / weight.sum(axis=1, keepdims=True)).mean(axis=0)
        steps, moved, shares = steps + 1, np.abs(following - shares).max(), following
        if moved < 1e-6:
            return {"probabilities": p.tolist(), "training": training.tolist(), "shares": shares.tolist(), "iterations": steps}


def bbse(confusion, predicted):
    confusion, predicted = np.array(confusion), np.array(predicted)
    c = confusion.T / confusion.sum()
    priors, mu = confusion.sum(axis=1) / confusion.sum(), predicted / predicted.sum()
    w = np.linalg.solve(c, mu)
    mass = np.clip(w, 0, None) * priors
    return {"confusion": confusion.tolist(), "predicted": predicted.tolist(), "weights": w.tolist(),
            "shares": (mass / mass.sum()).tolist(), "singular": float(np.linalg.svd(c, compute_uv=False).min()),
            "residual": float(np.abs(c @ (np.clip(w, 0, None) / mass.sum()) - mu).sum() / 2)}


def mixture(current, reference):
    current, reference = np.array(current, float), np.array(reference, float)
    used = (current > 0) | (reference.sum(axis=0) > 0)
    current, reference = current[used], reference[:, used]
    density = (reference + 0.5) / (reference.sum(axis=1, keepdims=True) + 0.5 * used.sum())

    def loss(z):
        return -np.sum(special.xlogy(current, special.softmax(np.append(z, 0)) @ density))

    found = optimize.minimize(loss, np.zeros(len(reference) - 1), method="BFGS", options={"gtol": 1e-9})
    shares = special.softmax(np.append(found.x, 0))
    n, m = current.sum(), reference.sum()
    g = 2 * special.xlogy(current, current / (n * shares @ density)).sum() * m / (n + m)
    freedom = int(used.sum() - len(reference))
    return {"current": current.astype(int).tolist(), "reference": reference.astype(int).tolist(),
            "shares": shares.tolist(), "g": g, "p": stats.chi2.sf(g, freedom), "degreesOfFreedom": freedom}


json.dump(
    {
        "versions": {"nannyml": nannyml.__version__, "numpy": np.__version__, "scipy": scipy.__version__},
        "estimates": [cbpe(60, 3, 1.5), cbpe(80, 4, 0.8)],
        "priors": [em(normalised(rows(40, 3, 2.0)), np.array([0.5, 0.3, 0.2])), em(normalised(rows(25, 2, 1.0)), np.array([0.9, 0.1]))],
        "blackBox": [bbse([[80, 10, 10], [5, 60, 15], [10, 10, 100]], [50, 10, 40]), bbse([[90, 10], [20, 80]], [5, 95]),
                     bbse([[40, 5, 5], [10, 30, 10], [0, 10, 40]], [90, 0, 10])],
        "mixtures": [mixture([30, 20, 10, 5, 40, 60], [[50, 30, 10, 5, 3, 2], [4, 6, 10, 20, 40, 60]]),
                     mixture([10, 0, 50, 80, 12, 9, 30], [[20, 0, 30, 1, 2, 3, 4], [1, 0, 2, 60, 20, 10, 5], [9, 0, 9, 9, 9, 9, 50]])],
        "singular": [[matrix, float(np.linalg.svd(np.array(matrix), compute_uv=False).min())] for matrix in (
            [[0.4, 0.1], [0.1, 0.4]], [[0.5, 0.5], [0.5, 0.5]], [[0.3, 0.1, 0.0], [0.02, 0.2, 0.1], [0.0, 0.08, 0.2]])],
    },
    sys.stdout,
)
print()
