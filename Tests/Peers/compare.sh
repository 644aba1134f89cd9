#!/usr/bin/env bash
# Hone beside PyTorch on the same work, in turn, so that both see the same machine: medians of the
# rounds and their ratio.
#
#   Tests/Peers/compare.sh [--rounds N] [--sentences FILE]
#
#   HONE_BIN       where hone is (.build/release)
#   HONE_DATA      where the base model is cached (~/.cache/hone)
#   PEER_PYTHON    a Python that has Tests/Peers/requirements.txt (python3)
set -euo pipefail
# shellcheck source=Deploy/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../../Deploy/lib.sh"

peers=$root/Tests/Peers
hone=${HONE_BIN:-$root/.build/release}/hone
python=${PEER_PYTHON:-python3}
data=${HONE_DATA:-$HOME/.cache/hone}
rounds=7 sentences=
while [ $# -gt 0 ]; do
    case $1 in
        --rounds) rounds=${2:?--rounds needs a number}; shift ;;
        --sentences) sentences=${2:?--sentences needs a file}; shift ;;
        -h | --help) sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0"; exit 0 ;;
        *) fail "unknown argument $1; see --help" ;;
    esac
    shift
done
[ -x "$hone" ] || fail "$hone is missing: swift build -c release --product hone"
"$python" -c 'import torch, transformers, tokenizers' 2>/dev/null ||
    fail "$python has no PyTorch: pip install -r Tests/Peers/requirements.txt, and name it with PEER_PYTHON"
"$root/Deploy/fetch-data.sh"

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
if [ -z "$sentences" ]; then
    sentences=$results/sentences.txt
    "$python" "$peers/work.py" "$data/sentiment" 1000 >"$sentences"
fi

for work in serve train; do
    [ "$work" = serve ] && passes=3 || passes=1 # as many as the peer's own program makes
    for round in $(seq "$rounds"); do
        say "$work, round $round of $rounds"
        "$hone" bench "$work" --model "$data/minilm" --sentences "$sentences" --rounds "$passes" --json \
            >"$results/$work-$round-hone.json"
        "$python" -B "$peers/$work.py" --model "$data/minilm" --sentences "$sentences" \
            >"$results/$work-$round-peer.json"
    done
done

"$python" - "$results" "$rounds" <<'END'
import json, pathlib, statistics, sys

folder, rounds = pathlib.Path(sys.argv[1]), int(sys.argv[2])

def readings(work, side):
    return [json.loads((folder / f"{work}-{n}-{side}.json").read_text()) for n in range(1, rounds + 1)]

print(f"{'':28}{'Hone':>12}{'peer':>12}{'ratio':>8}   spread of the ratio")
for work in ("serve", "train"):
    ours, theirs = readings(work, "hone"), readings(work, "peer")
    for name, larger_is_better in (("tokensPerSecond", True), ("p50Milliseconds", False), ("p99Milliseconds", False)):
        if name not in ours[0] or name not in theirs[0]:
            continue
        pairs = [(a[name], b[name]) for a, b in zip(ours, theirs)]
        ratios = sorted(a / b if larger_is_better else b / a for a, b in pairs)
        a, b = (statistics.median(column) for column in zip(*pairs))
        print(f"{work + ' ' + name:28}{a:12,.1f}{b:12,.1f}{statistics.median(ratios):8.2f}"
              f"   {ratios[0]:.2f} to {ratios[-1]:.2f}")
print(f"medians of {rounds} rounds in turn; a ratio above 1 is in favour of Hone; peer: {theirs[0]['name']}")
END
