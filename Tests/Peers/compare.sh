#!/usr/bin/env bash
# Hone beside its peers on the same work with the same threads, in turn, round after round, so that
# all see the same machine: medians and ratios, as a Markdown table and a picture. At the end both sides
# fine-tune on the same reviews with three seeds, and the table says what accuracy that gave.
#
#   Tests/Peers/compare.sh [--rounds N] [--only WORD] [--threads N] [--sentences FILE] [--output DIR]
#
#   --rounds N        how often everything is measured (7)
#   --only WORD       only the measurements whose names hold it, as in serve, int8, pytorch, train-full, quality
#   --threads N       threads of each (all cores)
#   --sentences FILE  one sentence a line (1,000 of the sentiment data)
#   --output DIR      where readings.jsonl is kept; a run that was broken off is added to
#
#   HONE_BIN       where hone is (.build/release)
#   HONE_DATA      where the base model and the peers are kept (~/.cache/hone)
#   PEER_PYTHON    a Python that has Tests/Peers/requirements.txt; otherwise one is made there
set -euo pipefail
# shellcheck source=Deploy/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../../Deploy/lib.sh"

peers=$root/Tests/Peers
hone=${HONE_BIN:-$root/.build/release}/hone
data=${HONE_DATA:-$HOME/.cache/hone}
rounds=7 only='' threads=$(nproc) sentences='' output=''
while [ $# -gt 0 ]; do
    case $1 in
        --rounds) rounds=${2:?--rounds needs a number}; shift ;;
        --only) only=${2:?--only needs a word}; shift ;;
        --threads) threads=${2:?--threads needs a number}; shift ;;
        --sentences) sentences=${2:?--sentences needs a file}; shift ;;
        --output) output=${2:?--output needs a folder}; shift ;;
        -h | --help) sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0"; exit 0 ;;
        *) fail "unknown argument $1; see --help" ;;
    esac
    shift
done
[ -x "$hone" ] || fail "$hone is missing: swift build -c release --product hone"
"$root/Deploy/fetch-data.sh"

python=${PEER_PYTHON:-$data/peers/bin/python}
if [ ! -x "$python" ]; then
    [ -z "${PEER_PYTHON:-}" ] || fail "PEER_PYTHON=$PEER_PYTHON is no program"
    say "setting the peers up in $data/peers; some minutes and three gigabytes"
    python3 -m venv "$data/peers"
    "$data/peers/bin/pip" install --quiet --requirement "$peers/requirements.txt"
fi
"$python" -c 'import torch, transformers, peft, onnxruntime, openvino, nncf, ctranslate2' ||
    fail "$python lacks a peer: pip install -r Tests/Peers/requirements.txt"

output=${output:-$(mktemp -d)}
mkdir -p "$output"
if [ -z "$sentences" ]; then
    sentences=$output/sentences.txt
    "$python" "$peers/work.py" "$data/sentiment" 1000 >"$sentences"
fi
common=(--model "$data/minilm" --sentences "$sentences")
exports=$data/peers-models
"$python" -B "$peers/prepare.py" "${common[@]}" --threads "$threads" --output "$exports" 2>"$output/prepare.log" ||
    fail "the peers' models could not be made: see $output/prepare.log"

round=0
measure() { # NAME COMMAND…: adds the command's JSON to the readings, with its name and round
    local name=$1 reading
    shift
    case $name in *"$only"*) ;; *) return 0 ;; esac
    say "round $round of $rounds: $name"
    if ! reading=$("$@" 2>"$output/$name.log"); then
        fail "$name gave up: see $output/$name.log"
    fi
    "$python" -c 'import json, sys; print(json.dumps({"round": int(sys.argv[1]), "name": sys.argv[2],
        "threads": int(sys.argv[3]), **json.load(sys.stdin)}))' "$round" "$name" "$threads" \
        <<<"$reading" >>"$output/readings.jsonl"
}
serve() { # PEER PRECISION
    measure "serve-$2-$1" "$python" -B "$peers/serve.py" "${common[@]}" --threads "$threads" \
        --exports "$exports" --peer "$1" --precision "$2" --embeddings "$output/$1-$2.embeddings"
}
train() { # METHOD PRECISION
    measure "train-$1-$2-pytorch" "$python" -B "$peers/train.py" "${common[@]}" --threads "$threads" \
        --method "$1" --precision "$2"
}
ours() { # WORK NAME OPTION…
    local work=$1 name=$2
    shift 2
    HONE_THREADS=$threads measure "$name-hone" "$hone" bench "$work" "${common[@]}" --json "$@"
}
fine_tune() { # PRECISION SEED: trains on the rows that quality.py split, and tries the result
    "$hone" train --base "$data/minilm" --train "$output/rows/train.jsonl" --development "$output/rows/development.jsonl" \
        --epochs 2 --precision "$1" --seed "$2" --output "$output/tuned" --json >/dev/null
    "$hone" evaluate "$output/tuned" "$output/rows/test.jsonl" --json
    rm -r "$output/tuned"
}
layers=$("$python" -c 'import json, sys; print(json.load(open(sys.argv[1]))["num_hidden_layers"])' "$data/minilm/config.json")

for round in $(seq "$rounds"); do
    for precision in f32 bf16 int8; do
        ours serve "serve-$precision" --rounds 2 --precision $precision \
            --embeddings "$output/hone-$precision.embeddings"
        [ $precision = int8 ] || serve pytorch $precision
        [ $precision = bf16 ] || serve onnxruntime $precision
        serve openvino $precision
        [ $precision != int8 ] || serve ctranslate2 int8
    done
    for precision in bf16 f32; do
        ours train "train-full-$precision" --rounds 1 --precision $precision
        train full $precision
    done
    ours train train-head-bf16 --rounds 1 --precision bf16 --frozen-layers "$layers"
    train head bf16
    ours train train-lora-bf16 --rounds 1 --precision bf16 --lora-rank 8
    train lora bf16
done

mkdir -p "$output/rows"
"$python" "$peers/quality.py" --split "$data/sentiment" "$output/rows"
for round in 1 2 3; do # the rounds are seeds here
    HONE_THREADS=$threads measure quality-full-bf16-hone fine_tune bf16 "$round"
    measure quality-full-bf16-pytorch "$python" -B "$peers/quality.py" "${common[@]}" \
        --threads "$threads" --rows "$output/rows" --precision bf16 --seed "$round"
done

"$python" -B "$peers/report.py" "$output" --markdown "$output/peers.md" --svg "$output/peers.svg"
cat "$output/peers.md"
say "the table: $output/peers.md, the picture beside it, all readings: $output/readings.jsonl"
