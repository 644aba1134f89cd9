"""Kills trainer and daemon at step boundaries and at random moments of a run, and looks what is left.

    python3 Tests/Service/survive.py BIN [KILLS] [SEED]

BIN holds `honed` and `hone`. By default 12 kills, which takes a minute or two; 200 is the long version, of some twenty minutes.
After each kill, and after the daemon's next start, everything must be as if nothing had happened or as
if the run had come through: one live version with whole files, which answers; an audit trail without a
break; no run that hangs; no process and no folder that belongs to nobody. A trainer that was killed must
go on from where it was when its run is repeated by hand, and give the very weights of a run that nobody
disturbed. At the end one run comes through and its version is reproduced bit for bit.
"""
import http.client
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time

binaries = pathlib.Path(sys.argv[1]).resolve()
kills = int(sys.argv[2]) if len(sys.argv) > 2 else 12
chance = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
tiny = pathlib.Path(__file__).resolve().parent.parent / "TransformersTests/Fixtures/tiny-bert"
folder = pathlib.Path(tempfile.mkdtemp(prefix="hone-survive."))
data = folder / "data"
with socket.socket() as door:
    door.bind(("127.0.0.1", 0))
    port = door.getsockname()[1]
config = folder / "honed.yaml"
config.write_text(f"""data_directory: {data}
server: {{port: {port}}}
control: {{socket: {folder}/control.sock}}
retraining:
  enabled: false
  training: {{learning_rate: 0.003, epochs: 60, patience: 1000, maximum_tokens: 32}}
gate: {{minimum_fresh: 20, latency_ratio: 1000}}
""")
log = open(folder / "honed.log", "ab")
LEVELS = ["", "", "temperature", "prior", "archive", "head", "lora", "base"]
FILLERS = ["a", "the", "film", "films", "was", "very", ",", "."]


def fail(what: str) -> None:
    for process in ours():
        os.kill(process, signal.SIGKILL)
    sys.exit(f"{what}; see {folder}")


def talk(count: int) -> list[dict]:
    """Film talk in the words of the tiny BERT: each row is new."""
    rows = []
    for _ in range(count):
        label = chance.choice(["positive", "negative"])
        words = [chance.choice(FILLERS) for _ in range(chance.randint(8, 12))]
        words[chance.randrange(len(words))] = "good" if label == "positive" else "bad"
        rows.append({"text": " ".join(words), "label": label})
    return rows


def hone(*arguments: str, check: bool = True) -> subprocess.CompletedProcess:
    done = subprocess.run(
        [binaries / "hone", *arguments, "--config", config], capture_output=True, text=True, timeout=300)
    if check and done.returncode != 0:
        fail(f"hone {' '.join(map(str, arguments))} ended with {done.returncode}: {done.stderr}{done.stdout}")
    return done


def ask(method: str, path: str, body=None) -> tuple[int, dict[str, str], object]:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        link.request(method, path, None if body is None else json.dumps(body),
                     {"content-type": "application/json"})
        answer = link.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, json.loads(answer.read())
    finally:
        link.close()


def query(sql: str) -> list[tuple]:
    with sqlite3.connect(f"file:{data}/honed.sqlite?mode=ro", uri=True, timeout=30) as database:
        return database.execute(sql).fetchall()


def until(what: str, condition, seconds: float = 600) -> None:
    """Waits long: each run has more rows than the one before, and the two-hundredth takes minutes."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            fail(f"never: {what}")
        time.sleep(0.01)


def start() -> subprocess.Popen:
    daemon = subprocess.Popen([binaries / "honed", "--config", config], stdout=log, stderr=log)

    def is_open() -> bool:
        if daemon.poll() is not None:
            fail(f"honed ended with {daemon.returncode} instead of starting")
        try:
            return ask("GET", "/health")[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    until("honed opens its door", is_open)
    return daemon


def ours() -> dict[int, list[str]]:
    """Processes that speak of this test's folder, by number: what they were started as."""
    found = {}
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            words = (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        if any(str(folder) in word for word in words):
            found[int(entry.name)] = words
    return found


def trainers() -> list[int]:
    return [process for process, words in ours().items() if "--run" in words]


def newest(run: int) -> pathlib.Path:
    """The folder of the remedy that a run came to."""
    return max((data / "runs").glob(f"{run:04}-*"), key=lambda folder: folder.stat().st_mtime)


def steps(run: int) -> int:
    try:
        return (newest(run) / "progress.jsonl").read_bytes().count(b"\n")
    except (OSError, ValueError):
        return 0


def check(moment: str, is_running: bool) -> None:
    """Everything that must hold whenever somebody looks."""
    if query("PRAGMA integrity_check") != [("ok",)]:
        fail(f"{moment}: the database is damaged")
    active = query("SELECT id, state FROM trainingRun WHERE finishedAt IS NULL")
    if len(active) > 1 or (is_running and active):
        fail(f"{moment}: runs hang: {active}")
    live = query("SELECT version FROM promotion ORDER BY id DESC LIMIT 1")[0][0]
    versions = {row[0] for row in query("SELECT version FROM modelVersion")}
    if live not in versions:
        fail(f"{moment}: version {live} is live and not registered")
    if hone("audit", check=False).returncode != 0:
        fail(f"{moment}: the audit trail is broken: {hone('audit', check=False).stdout}")
    whole = {int(path.name) for path in (data / "models/versions").iterdir()}
    if not versions <= whole:
        fail(f"{moment}: versions {versions - whole} have no files")
    if not is_running:
        return
    if whole - versions or list((data / "models/staging").iterdir()):
        fail(f"{moment}: folders belong to nobody: {whole - versions}, {list((data / 'models/staging').iterdir())}")
    if (data / "models/unregistered").exists() and moment == "the end":
        print(f"  set aside: {sorted(p.name for p in (data / 'models/unregistered').iterdir())}")
    status, headers, _ = ask("POST", "/predict", {"inputs": "the film was good"})
    if status != 200 or headers["x-model-version"] != str(live):
        fail(f"{moment}: version {live} is live, and {headers.get('x-model-version')} answered with {status}")
    runs = {f"{row[0]:04}" for row in query("SELECT id FROM trainingRun")}
    strangers = {path.name for path in (data / "runs").iterdir() if path.name.split("-")[0] not in runs}
    if strangers:
        fail(f"{moment}: run folders belong to nobody: {strangers}")


def begin_run(level: str = "") -> int:
    status, _, answer = ask("POST", "/v1/feedback", talk(200))
    if status != 200:
        fail(f"feedback was answered {status}: {answer}")
    until("all rows are scored",
          lambda: query("SELECT count(*) FROM example WHERE scoring = 'waiting'") == [(0,)])
    rung = ["--level", level] if level else []
    answer = json.loads(hone("retrain", "--force", "--reason", "it shall be killed", "--json", *rung).stdout)
    return answer["run"]


def state(run: int) -> str:
    return query(f"SELECT state FROM trainingRun WHERE id = {run}")[0][0]


def has_ended(run: int) -> bool:
    return state(run) in ("promoted", "refused", "failed", "cancelled")


def wait_for_moment(kind: str, run: int) -> None:
    if kind == "step":
        target = chance.randint(1, 60)
        until("the step", lambda: steps(run) >= target or has_ended(run))
    elif kind == "judging":
        until("judging", lambda: state(run) == "judging" or has_ended(run))
        time.sleep(chance.uniform(0, 0.3))
    else:
        time.sleep(chance.uniform(0, 3))


def repeat_by_hand(run: int) -> None:
    """The run of a killed trainer goes on, and ends with the weights of an undisturbed one."""
    if not list((data / "runs").glob(f"{run:04}-*")):
        return
    disturbed = newest(run)
    if not (disturbed / "plan.json").exists() or (disturbed / "result.json").exists():
        return
    fresh = folder / "undisturbed"
    fresh.mkdir()
    for name in ("plan.json", "train.jsonl", "development.jsonl"):
        shutil.copy(disturbed / name, fresh / name)
    copy = folder / "disturbed"
    shutil.copytree(disturbed, copy)
    sums = []
    for path in (copy, fresh):
        done = subprocess.run([binaries / "hone", "train", "--run", path, "--json"], capture_output=True, text=True)
        if done.returncode != 0:
            fail(f"run {run} cannot be repeated by hand: {done.stderr}")
        sums.append(json.loads(done.stdout)["weightsSHA256"])
        shutil.rmtree(path)
    if sums[0] != sums[1]:
        fail(f"run {run} gave {sums[0]} after the kill and {sums[1]} undisturbed")
    counts["repeated"] += 1


rows = folder / "rows.jsonl"
rows.write_text("".join(json.dumps(row) + "\n" for row in talk(1200)))
subprocess.run(
    [binaries / "hone", "train", "--base", tiny, "--train", rows, "--output", folder / "first",
     "--learning-rate", "0.003", "--epochs", "2", "--maximum-length", "32"],
    check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
hone("import", str(folder / "first"), "--examples", str(rows), "--promote", "--reason", "a test")

counts = {"trainer": 0, "daemon": 0, "promoted": 0, "failed": 0, "cancelled": 0, "refused": 0, "repeated": 0}
daemon = start()
for kill in range(kills):
    victim = "trainer" if kill % 3 == 0 else "daemon"
    run = begin_run("full" if victim == "trainer" else chance.choice(LEVELS))
    kind = chance.choice(["step", "step", "random", "judging"]) if victim == "daemon" else "step"
    wait_for_moment(kind, run)
    moment = f"kill {kill + 1} ({victim}, {kind}, run {run} {state(run)}, step {steps(run)})"
    if victim == "trainer":
        for process in trainers():
            os.kill(process, signal.SIGKILL)
            counts["trainer"] += 1
        until("the run has ended", lambda: has_ended(run))
    else:
        daemon.send_signal(signal.SIGKILL)
        daemon.wait()
        counts["daemon"] += 1
        until("no process is left", lambda: not ours(), 10)
        check(moment, is_running=False)
        daemon = start()
    check(moment, is_running=True)
    counts[state(run)] += 1
    if state(run) == "failed" and counts["repeated"] < 3:
        repeat_by_hand(run)

begin = query("SELECT max(version) FROM modelVersion")[0][0]
begin_run()
until("the last run has ended", lambda: query("SELECT count(*) FROM trainingRun WHERE finishedAt IS NULL") == [(0,)])
last = query("SELECT max(version) FROM modelVersion")[0][0]
if last != begin + 1:
    fail("the last run, which nobody disturbed, did not come through")
hone("reproduce", str(last))
check("the end", is_running=True)
daemon.send_signal(signal.SIGTERM)
if daemon.wait(timeout=20) != 0:
    fail(f"honed ended with {daemon.returncode} when asked to stop")
if ours():
    fail(f"processes are left: {ours()}")
print(f"{kills} kills: {counts}; version {last} came through and was reproduced")
shutil.rmtree(folder)
