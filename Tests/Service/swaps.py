"""Swaps the live model again and again under load over HTTP; a single request that fails is a failure.

    python3 Tests/Service/swaps.py BIN [SWAPS] [RATE]

BIN holds `honed` and `hone`. By default 1,000 swaps, fifty a second, ordered over the control socket, at 200
requests a second. Prints p50 and p99 when nothing is swapped and while swaps take place, in turns, and the
median of their ratios. Latency counts from the moment a request was due, so a server that stalls cannot hide what waited.
Each answer must name a version that was live at some moment between its request and its arrival.
"""
import http.client
import json
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

binaries = pathlib.Path(sys.argv[1]).resolve()
swaps = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
rate = float(sys.argv[3]) if len(sys.argv) > 3 else 200
CLIENTS = 8
PACE = 50  # swaps a second
ROUNDS = 7
tiny = pathlib.Path(__file__).resolve().parent.parent / "TransformersTests/Fixtures/tiny-bert"
folder = pathlib.Path(tempfile.mkdtemp(prefix="hone-swaps."))
with socket.socket() as door:
    door.bind(("127.0.0.1", 0))
    port = door.getsockname()[1]
config = folder / "honed.yaml"
config.write_text(
    f"data_directory: {folder}/data\nserver: {{port: {port}}}\ncontrol: {{socket: {folder}/control.sock}}\n"
    "retraining: {enabled: false}\n")


def hone(*arguments: str) -> None:
    done = subprocess.run(
        [binaries / "hone", *arguments, "--config", config], capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        raise RuntimeError(f"hone {' '.join(map(str, arguments))}: {done.stderr}{done.stdout}; see {folder}")


class ControlSocket(http.client.HTTPConnection):
    """Where the command sends its orders; a command for each swap would measure the start of processes."""

    def __init__(self) -> None:
        super().__init__("honed", timeout=60)

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(f"{folder}/control.sock")


def promote(link: ControlSocket, version: int, reason: str) -> None:
    order = {"version": version, "force": True, "reason": reason, "requestedBy": "swaps.py"}
    link.request("POST", "/promote", json.dumps(order), {"content-type": "application/json"})
    answer = link.getresponse()
    words = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"promote {version}: {answer.status}: {words.decode()}; see {folder}")


def client(number: int, start: float, is_over: threading.Event, answers: list) -> None:
    """Sends each request when it is due; notes begin, end, latency and version, or what went wrong."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    body = json.dumps({"inputs": "the film was good"})
    due = start + number / rate
    while not is_over.is_set():
        time.sleep(max(0, due - time.monotonic()))
        begin = time.monotonic()
        try:
            link.request("POST", "/predict", body, {"content-type": "application/json"})
            answer = link.getresponse()
            answer.read()
            version, error = answer.getheader("x-model-version"), None
            if answer.status != 200:
                error = f"status {answer.status}"
        except (OSError, http.client.HTTPException) as problem:
            link.close()
            version, error = None, repr(problem)
        end = time.monotonic()
        answers.append((begin, end, end - due, version, error))
        due += CLIENTS / rate


def load(work) -> list[tuple]:
    answers, is_over, start = [], threading.Event(), time.monotonic() + 0.1
    threads = [threading.Thread(target=client, args=(n, start, is_over, answers)) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    try:
        work()
    finally:
        is_over.set()
        for thread in threads:
            thread.join()
    return answers


def quantile(answers: list[tuple], share: float) -> float:
    times = sorted(answer[2] for answer in answers)
    return times[min(len(times) - 1, int(share * len(times)))] * 1000


lives: list[list] = []


def swap_all(first: int, end: int) -> None:
    link, start = ControlSocket(), time.monotonic()
    for swap in range(first, end):
        time.sleep(max(0, start + (swap - first) / PACE - time.monotonic()))
        version = 2 if swap % 2 == 0 else 1
        begin = time.monotonic()
        promote(link, version, f"swap {swap + 1}")
        lives.append([str(version), begin, time.monotonic()])


def was_live(version: str, begin: float, end: float) -> bool:
    """A version lives from the order that brings it until the next order has been carried out."""
    spans = [["1", 0.0, 0.0], *lives]
    return any(
        name == version and order <= end and (n + 1 == len(spans) or begin <= spans[n + 1][2])
        for n, (name, order, _) in enumerate(spans))


for number in (1, 2):
    hone("import", str(tiny), *(["--promote"] if number == 1 else []), "--reason", "a test")
with open(folder / "honed.log", "wb") as log:
    daemon = subprocess.Popen([binaries / "honed", "--config", config], stdout=log, stderr=log)
try:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            time.sleep(0.1)
    rounds = []
    for turn in range(ROUNDS):
        first, end = turn * swaps // ROUNDS, (turn + 1) * swaps // ROUNDS
        rounds.append((load(lambda: time.sleep((end - first) / PACE)), load(lambda: swap_all(first, end))))
finally:
    daemon.terminate()
    daemon.wait(timeout=30)

idle, busy = ([answer for turn in rounds for answer in turn[side]] for side in (0, 1))
failed = [answer for answer in idle + busy if answer[4]]
strangers = [answer for answer in busy if not answer[4] and not was_live(answer[3], answer[0], answer[1])]
for name, answers in (("idle", idle), ("during swaps", busy)):
    print(f"{name}: {len(answers)} requests, p50 {quantile(answers, 0.5):.2f} ms, p99 {quantile(answers, 0.99):.2f} ms")
for share in (0.5, 0.99):
    ratios = sorted(quantile(busy, share) / quantile(idle, share) for idle, busy in rounds)
    print(f"p{share * 100:.0f}: median ratio of {ROUNDS} rounds {ratios[ROUNDS // 2]:.2f}, from {ratios[0]:.2f} to {ratios[-1]:.2f}")
print(f"{swaps} swaps; versions seen {sorted({a[3] for a in busy if a[3]})}; {len(failed)} failed, "
      f"{len(strangers)} named a version that was not live")
if failed or strangers:
    sys.exit(f"{(failed or strangers)[:5]}; see {folder}")
shutil.rmtree(folder)
