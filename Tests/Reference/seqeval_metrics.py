"""Writes what seqeval counts in random tags, broken schemes included, and what SQuAD's scorer says.

    python seqeval_metrics.py ../TransformersTests/Fixtures/metrics

The scorer of SQuAD is the official one, as `torchmetrics` carries it.
"""
import json
import random
import sys
from importlib.metadata import version
from pathlib import Path

from seqeval.metrics import f1_score, precision_score, recall_score
from seqeval.metrics.sequence_labeling import get_entities
from torchmetrics.functional.text import squad

target = Path(sys.argv[1])
random.seed(5)
SETS = [
    ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"],
    ["O", "B-PER", "I-PER", "E-PER", "S-PER", "B-LOC", "I-LOC", "E-LOC", "S-LOC"],
    ["NOUN", "VERB", "O", "B-X-Y", "I-X-Y"],
]
cases = []
for names in SETS:
    wanted = [[random.choice(names) for _ in range(random.randint(1, 9))] for _ in range(12)]
    found = [[tag if random.random() < 0.7 else random.choice(names) for tag in tags] for tags in wanted]
    cases.append({
        "wanted": wanted, "found": found, "precision": precision_score(wanted, found),
        "recall": recall_score(wanted, found), "f1": f1_score(wanted, found),
        "entities": [[list(entity) for entity in get_entities(tags)] for tags in found],
    })


def score(answer, right):
    """The official scorer of version 1.1, and of 2.0 where there is no right answer."""
    gold = right or [""]
    result = squad(
        [{"prediction_text": answer, "id": "1"}],
        [{"answers": {"answer_start": [0] * len(gold), "text": gold}, "id": "1"}])
    exact, f1 = (float(result[key]) / 100 for key in ("exact_match", "f1"))
    # Version 2.0: where one side has no words, F1 is whether the other has none either.
    return exact, f1 if right else exact


ANSWERS = [
    ("The Eiffel Tower", ["Eiffel tower"]), ("in 1999, a year", ["1999", "the year 1999"]), ("", []), ("x", []),
    ("", ["x"]), ("A", ["the"]), ("the", ["cat"]), ("U.S.", ["us"]), ("a–b the–c", ["b c", "–b –c"]),
    ("forty-two per cent", ["forty two percent", "forty-two"]), ("“the” words", ["“ ” words"]),
    ("Ein Café an der Ecke", ["ein café der ecke"]), ("one one two", ["one two two"]), ("an_a the a1", ["an_a a1"]),
]
answers = []
for answer, right in ANSWERS:
    exact, f1 = score(answer, right)
    answers.append({"answer": answer, "right": right, "exact": exact, "f1": f1})
reference = {
    "seqeval": version("seqeval"), "torchmetrics": version("torchmetrics"), "cases": cases, "answers": answers,
}
(target / "metrics.json").write_text(json.dumps(reference, ensure_ascii=False) + "\n", encoding="utf-8")
