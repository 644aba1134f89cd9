"""Writes what Python says about encodings, quantiles and CSV, for the files that `hone data` reads and writes.

    python corpus_files.py ../CorpusTests/Fixtures/files.json

`letters` is Windows-1252 as Python's codec has it, by byte, without the five bytes that stand for nothing;
`quantiles` are numpy's by the inverted distribution function; `csv` is what the module of that name writes.
"""
import csv
import io
import json
import sys

import numpy

letters = {}
for byte in range(0x80, 0x100):
    try:
        letters[str(byte)] = bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        pass
random = numpy.random.default_rng(5)
quantiles = []
for count in (1, 2, 7, 100, 999):
    lengths = random.poisson(12, count)
    shares = [0.01, 0.25, 0.5, 0.9, 0.99, 1.0]
    quantiles.append({
        "lengths": lengths.tolist(), "shares": shares, "mean": float(lengths.mean()),
        "quantiles": [int(numpy.quantile(lengths, share, method="inverted_cdf")) for share in shares],
    })
rows = [["text", "label"], ["plain", "a"], ["with, comma", "a"], ['with "quotes"', "b"], ["two\nlines", "b"], ["é", "a"]]
text = io.StringIO()
csv.writer(text, lineterminator="\n").writerows(rows)
with open(sys.argv[1], "w", encoding="utf-8") as file:
    json.dump({
        "python": sys.version.split()[0], "numpy": numpy.__version__, "letters": letters, "quantiles": quantiles,
        "csv": {"rows": rows[1:], "text": text.getvalue()},
    }, file, ensure_ascii=False)
    file.write("\n")
