"""Detection indices of river's detectors, and of STEPD by SciPy, on seeded streams, for DriftTests.

    python3 Tests/Reference/drift_detectors.py > Tests/DriftTests/Fixtures/detectors.json

Streams are described, not stored: the tests rebuild them with SplitMix64, whose twin stands below.
"""

import json
import sys

import river
import scipy
from river import drift
from scipy import stats

MASK = (1 << 64) - 1


def splitmix64(seed):
    state = seed
    while True:
        state = (state + 0x9E3779B97F4A7C15) & MASK
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        yield (z ^ (z >> 31)) >> 11


def stream(seed, kind, parts):
    """parts: [count, level] in turn; kind "coin" draws 0 or 1, "value" level + uniform noise."""
    random = splitmix64(seed)
    for count, level in parts:
        for _ in range(count):
            uniform = next(random) * 2.0**-53
            yield float(uniform < level) if kind == "coin" else level + uniform


STREAMS = [
    (1, "coin", [[5000, 0.08], [3000, 0.13], [3000, 0.28]]),
    (2, "coin", [[1000, 0.5], [1000, 0.9], [1000, 0.1]]),
    (3, "value", [[1000, 0.0], [1000, 2.0], [1500, 1.8], [500, -4.0]]),
    (4, "coin", [[20000, 0.08]]),
    (5, "coin", [[300, 0.02], [300, 0.4], [300, 0.02], [300, 0.4]]),
    (6, "value", [[5000, 100.0], [5000, 100.2]]),
]


class STEPD:
    """Nishida and Yamauchi's test by its definition: river has none. One-sided, as the paper's p is."""

    def __init__(self, window=30, drift_level=0.003, warning_level=0.05):
        self.window, self.drift_level, self.warning_level = window, drift_level, warning_level
        self.rows, self.drift_detected, self.warning_detected = [], False, False

    def update(self, x):
        if self.drift_detected:
            self.rows = []
        self.rows.append(x)
        older, newer = self.rows[:-self.window], self.rows[-self.window:]
        p = 1.0
        if len(older) >= self.window and sum(newer) / len(newer) > sum(older) / len(older):
            table = [[sum(older), len(older) - sum(older)], [sum(newer), len(newer) - sum(newer)]]
            p = stats.chi2_contingency(table, correction=True).pvalue / 2
        self.drift_detected = bool(p < self.drift_level)
        self.warning_detected = bool(p < self.warning_level)


BINARY = ("DDM", "EDDM", "HDDM", "STEPD")

DETECTORS = {
    "ADWIN": lambda: drift.ADWIN(),
    "ADWIN every value": lambda: drift.ADWIN(delta=0.01, clock=1, max_buckets=3, min_window_length=8, grace_period=50),
    "Page-Hinkley": lambda: drift.PageHinkley(),
    "Page-Hinkley up": lambda: drift.PageHinkley(min_instances=50, delta=0.01, threshold=20, alpha=0.999, mode="up"),
    "DDM": lambda: drift.binary.DDM(),
    "EDDM": lambda: drift.binary.EDDM(),
    "EDDM patient": lambda: drift.binary.EDDM(warm_start=50, alpha=0.8, beta=0.75),
    "HDDM-A": lambda: drift.binary.HDDMA(),
    "HDDM-A both ways": lambda: drift.binary.HDDMA(drift_confidence=0.01, warning_confidence=0.05, two_sided_test=True),
    "HDDM-W": lambda: drift.binary.HDDMW(),
    "HDDM-W both ways": lambda: drift.binary.HDDMW(lambda_val=0.02, two_sided_test=True),
    # A window of twice the sample leaves nothing to river's own random choice.
    "KSWIN": lambda: drift.KSWIN(alpha=0.0005, window_size=80, stat_size=40, seed=1),
    "STEPD": lambda: STEPD(),
}


def main():
    runs = []
    for seed, kind, parts in STREAMS:
        for name, make in DETECTORS.items():
            if name.startswith(BINARY) and kind != "coin" or name in ("KSWIN", "STEPD") and seed == 4:
                continue  # no error rates, or 20 000 slow tests
            detector = make()
            found, warnings, first_warning = [], 0, None
            for index, x in enumerate(stream(seed, kind, parts)):
                detector.update(x if kind == "value" else int(x))
                if detector.drift_detected:
                    found.append(index)
                elif getattr(detector, "warning_detected", False):
                    warnings += 1
                    first_warning = index if first_warning is None else first_warning
            run = {"detector": name, "seed": seed, "kind": kind, "parts": parts, "drifts": found,
                   "warnings": warnings, "firstWarning": first_warning}
            if name.startswith("ADWIN"):
                run |= {"width": int(detector.width), "estimation": detector.estimation, "variance": detector.variance / detector.width}  # river keeps the sum of squares
            runs.append(run)

    json.dump({"versions": {"river": river.__version__, "scipy": scipy.__version__}, "runs": runs}, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
