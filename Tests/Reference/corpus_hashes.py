"""Writes Tests/CorpusTests/Fixtures/hashes.json: content hashes of rows, worked out apart from the project.

    python Tests/Reference/corpus_hashes.py

SHA-256 over text, pair and label in this order; a field that is missing is the byte 255, any other is the
byte 1, its length in bytes as 64 bits little-endian, and its NFC form in UTF-8.
"""

import hashlib
import json
import pathlib
import struct
import sys
import unicodedata

ROWS = [
    ("", None, None), ("a", None, None), ("a", "", None), ("a", None, ""), ("ab", "c", None), ("a", "bc", None),
    ("A fine film.", None, "positive"), ("caf\u00e9", None, "x"), ("cafe\u0301", None, "x"),
    ("\u1112\u1161\u11ab", "\ud55c", "\u212b"), ("\U0001F600\u200d", "\r\n", "e\u0327\u0301"),
]


def content_hash(row):
    digest = hashlib.sha256()
    for field in row:
        if field is None:
            digest.update(b"\xff")
        else:
            data = unicodedata.normalize("NFC", field).encode()
            digest.update(b"\x01" + struct.pack("<Q", len(data)) + data)
    return digest.hexdigest()


rows = [{"text": t, "pair": p, "label": label, "hash": content_hash((t, p, label))} for t, p, label in ROWS]
fixture = {"writtenBy": "Tests/Reference/corpus_hashes.py", "python": sys.version.split()[0],
           "unicode": unicodedata.unidata_version, "rows": rows}
path = pathlib.Path(__file__).parent.parent / "CorpusTests" / "Fixtures" / "hashes.json"
path.write_text(json.dumps(fixture, indent=1) + "\n")
