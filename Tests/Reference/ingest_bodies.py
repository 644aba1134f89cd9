"""Writes the packed bodies of IngestTests/Fixtures: three rows in each coding, and a gzip bomb.

Needs the commands gzip, zstd and brotli. The fixtures hold no versions: any decoder reads them.
"""

import pathlib
import subprocess

folder = pathlib.Path(__file__).parent.parent / "IngestTests" / "Fixtures"
rows = "".join(f'{{"text": "row {i}", "label": "positive"}}\n' for i in range(3)).encode()


def pack(command, content):
    return subprocess.run(command, input=content, stdout=subprocess.PIPE, check=True).stdout


(folder / "rows.jsonl.gz").write_bytes(pack(["gzip", "-9", "-n"], rows))
(folder / "rows.jsonl.zst").write_bytes(pack(["zstd", "-19", "-c"], rows))
(folder / "rows.jsonl.br").write_bytes(pack(["brotli", "-c"], rows))
# 20 MB of one line in 20 KB.
(folder / "bomb.gz").write_bytes(pack(["gzip", "-9", "-n"], b'{"text": "' + b"a" * 20_000_000))
