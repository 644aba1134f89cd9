"""Writes Tests/CorpusTests/Fixtures/near_duplicates.json: Jaccard's index of pairs of texts, by datasketch and by sets.

    python Tests/Reference/corpus_near_duplicates.py

Texts are made of random words, half of them as a copy of an earlier one with a few words changed. A text's set holds
its runs of five characters, in lower case and with one space for white space. `pairs` are all whose index is at
least .5, by the sets themselves; `found` is what datasketch's MinHashLSH finds at .8 with bands and rows as Hone
has them and the same check by sets.
"""
import itertools
import json
import pathlib
import random
import sys

import datasketch

chance = random.Random(17)
SYLLABLES = ["ba", "de", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu", "va", "ze", "ön", "ß"]
WORDS = ["".join(chance.choices(SYLLABLES, k=chance.randint(1, 4))) for _ in range(300)]
LENGTH, THRESHOLD, BANDS, ROWS = 5, 0.8, 20, 6


def changed(text):
    words = text.split()
    for _ in range(chance.randint(0, 3)):
        words[chance.randrange(len(words))] = chance.choice(WORDS)
    text = " ".join(words)
    return text.upper().replace("SS", "ß").replace(" ", "  ", 2) + " " if chance.random() < 0.2 else text


def shingles(text):
    text = " ".join(text.lower().split())
    return {text[i:i + LENGTH] for i in range(max(1, len(text) - LENGTH + 1))}


texts = ["", "a", "ba de", "BA  de "]
while len(texts) < 120:
    fresh = " ".join(chance.choices(WORDS, k=chance.randint(4, 24)))
    texts.append(changed(chance.choice(texts[4:])) if len(texts) > 12 and chance.random() < 0.5 else fresh)
sets = [shingles(text) for text in texts]
pairs = []
for a, b in itertools.combinations(range(len(texts)), 2):
    index = len(sets[a] & sets[b]) / len(sets[a] | sets[b])
    if index >= 0.5:
        pairs.append([a, b, round(index, 12)])

lsh = datasketch.MinHashLSH(num_perm=BANDS * ROWS, params=(BANDS, ROWS))
sketches = []
for number, members in enumerate(sets):
    sketch = datasketch.MinHash(num_perm=BANDS * ROWS, seed=5)
    sketch.update_batch([member.encode() for member in sorted(members)])
    sketches.append(sketch)
    lsh.insert(number, sketch)
exact = {(a, b): index for a, b, index in pairs}
found = sorted({(min(a, b), max(a, b)) for a in range(len(texts)) for b in lsh.query(sketches[a]) if a != b})
found = [list(pair) for pair in found if exact.get(pair, 0) >= THRESHOLD]
errors = [sketches[a].jaccard(sketches[b]) - index for a, b, index in pairs]

fixture = {"writtenBy": "Tests/Reference/corpus_near_duplicates.py", "python": sys.version.split()[0],
           "datasketch": datasketch.__version__,
           "texts": texts, "pairs": pairs, "found": found,
           "rootMeanSquareError": (sum(e * e for e in errors) / len(errors)) ** 0.5}
path = pathlib.Path(__file__).parent.parent / "CorpusTests" / "Fixtures" / "near_duplicates.json"
path.write_text(json.dumps(fixture, ensure_ascii=False, indent=None) + "\n")
print(len(pairs), len(found), sum(i >= THRESHOLD for _, _, i in pairs), fixture["rootMeanSquareError"], path.stat().st_size)
