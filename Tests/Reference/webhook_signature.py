"""Writes IngestTests/Fixtures/signature.json: a message and its signature by Python's own hmac.

    python3 Tests/Reference/webhook_signature.py

What a receiver does to check a message is the last function: nothing but the standard library.
"""

import hashlib
import hmac
import json
import pathlib
import platform

fixture = pathlib.Path(__file__).parent.parent / "IngestTests" / "Fixtures" / "signature.json"


def signature(secret: bytes, body: bytes) -> str:
    return "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()


secret = "a key of the operators' own, ümlauts included"
body = json.dumps({"id": "detection/17", "kind": "drift_alarm", "sentence": "Version 3 — worse than promised"},
                  ensure_ascii=False)
fixture.write_text(json.dumps({
    "python": platform.python_version(), "secret": secret, "body": body,
    "signature": signature(secret.encode(), body.encode()),
}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
