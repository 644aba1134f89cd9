"""What other drift monitors say of answers that Hone gave: river row by row, NannyML and Evidently by windows.

Each function takes the rows that judged the model, the rows of a stream and the classes, and returns for each of its
monitors the numbers of the rows at which an alarm was raised. Every setting is the library's default; what the libraries leave to
their user (how many rows form a window) is said where it is chosen.
"""

import os
import warnings

# Settings of old BLAS builds would slow NumPy down, and nothing is told to anybody.
for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(name, None)
os.environ.update(DO_NOT_TRACK="1", NML_DISABLE_USAGE_LOGGING="1")

WINDOW = 500  # of Evidently: as many rows as Hone's default window


def predicted(row):
    return max(row["scores"], key=row["scores"].get)


def river(reference, rows, classes):
    """Each mistake as 1, each right answer as 0; these detectors know no reference."""
    from river import drift

    detectors = {"river ADWIN": drift.ADWIN(), "river DDM": drift.binary.DDM(), "river HDDM_W": drift.binary.HDDMW(),
                 "river Page-Hinkley": drift.PageHinkley()}
    alarms = {name: [] for name in detectors}
    for number, row in enumerate(rows):
        for name, detector in detectors.items():
            detector.update(int(predicted(row) != row["label"]))
            if detector.drift_detected:
                alarms[name].append(number)
    return alarms


def table(rows, classes):
    """One column a figure, as both libraries read them."""
    import pandas

    columns = {"text": [row["text"] for row in rows], "label": [row["label"] for row in rows],
               "predicted": [predicted(row) for row in rows],
               "confidence": [max(row["scores"].values()) for row in rows],
               "length": [len(row["text"]) for row in rows]}
    return pandas.DataFrame(columns | {name: [row["scores"][name] for row in rows] for name in classes})


def nannyml(reference, rows, classes):
    """Its own ten chunks of the reference set the size of all chunks, so that thresholds and stream fit each other."""
    import nannyml as library

    size = len(reference) // 10
    # A last chunk of a few rows would widen the thresholds of all, and alarm by itself.
    judged = table(reference[:10 * size], classes)
    stream = table(rows[:len(rows) // size * size], classes)
    shared = {"y_true": "label", "y_pred": "predicted", "y_pred_proba": {name: name for name in classes},
              "problem_type": "classification_multiclass", "metrics": ["accuracy"], "chunk_size": size}
    monitors = {
        "NannyML CBPE": library.CBPE(**shared),
        "NannyML realized": library.PerformanceCalculator(**shared),
        "NannyML univariate": library.UnivariateDriftCalculator(
            column_names=["predicted", "confidence", "length"], treat_as_categorical=["predicted"], chunk_size=size),
    }
    alarms = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, monitor in monitors.items():
            monitor.fit(judged)
            found = (monitor.estimate if "CBPE" in name else monitor.calculate)(stream)
            data = found.filter(period="analysis").to_df()
            flags = [column for column in data.columns if column[-1] == "alert"]
            ends = [column for column in data.columns if column[-1] == "end_index"][0]
            alarms[name] = [int(end) for end, *raised in data[[ends, *flags]].itertuples(index=False) if any(raised)]
    return alarms


def evidently(reference, rows, classes):
    """One window after another, each against as many rows of the reference, by the tests that its presets bring.

    Of the drift preset its own verdict counts, half of the columns; of the quality preset any test that fails.
    """
    import evidently as library
    from evidently.presets import ClassificationPreset, DataDriftPreset

    columns = ["text", "label", "predicted", "confidence", "length"]
    definition = library.DataDefinition(
        text_columns=["text"], categorical_columns=["label", "predicted"], numerical_columns=["confidence", "length"],
        classification=[library.MulticlassClassification(target="label", prediction_labels="predicted")])
    presets = {"Evidently drift": (DataDriftPreset(), "Share of Drifted Columns"),
               "Evidently quality": (ClassificationPreset(), "")}
    alarms = {name: [] for name in presets}

    def dataset(some):
        return library.Dataset.from_pandas(table(some, classes)[columns], definition)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        then = dataset(reference[:WINDOW])
        for start in range(0, len(rows) - WINDOW + 1, WINDOW):
            now = dataset(rows[start:start + WINDOW])
            for name, (preset, test) in presets.items():
                tests = library.Report([preset], include_tests=True).run(now, then).dict()["tests"]
                if any(one["status"].name == "FAIL" for one in tests if one["name"].startswith(test)):
                    alarms[name].append(start + WINDOW - 1)
    return alarms
