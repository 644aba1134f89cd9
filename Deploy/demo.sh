#!/usr/bin/env bash
# The whole loop on real text, told on the terminal: a first model learns from movie reviews and is
# served; labelled reviews stream in, then labelled tweets; accuracy falls, the alarm goes, the
# daemon trains again, the gate compares, the better model is swapped in and no request is lost.
#
#   Deploy/demo.sh [--fast] [--exit] [--port N] [--keep DIR]
#
#   --fast       less data: within 4 minutes on 2 cores, once built
#   --exit       stop the daemon at the end
#   --port N     where it serves (8080)
#   --keep DIR   put everything there, not in a new folder of its own
#
#   HONE_DATA    where model and rows are cached (~/.cache/hone)
#   HONE_BIN     take honed and hone from there and build nothing
set -euo pipefail
# shellcheck source=Deploy/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

fast=no stop_at_end=no port=8080 dir=
while [ $# -gt 0 ]; do
    case $1 in
        --fast) fast=yes ;;
        --exit) stop_at_end=yes ;;
        --port) port=${2:?--port needs a number}; shift ;;
        --port=*) port=${1#*=} ;;
        --keep) dir=${2:?--keep needs a folder}; shift ;;
        --keep=*) dir=${1#*=} ;;
        -h | --help) sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0"; exit 0 ;;
        *) fail "unknown argument $1; see --help" ;;
    esac
    shift
done
case $port in '' | *[!0-9]*) fail "--port $port: write a number" ;; esac

# How much of everything. A run waits for `movies + enough` new labels: the alarm comes long before,
# but a few dozen tweets are too few to learn from.
if [ "$fast" = yes ]; then
    train=7000 learn=2500 movies=200 tweets=3000 test=400 rate=25 pace=8 enough=700 epochs=4 recovered=300
else
    train=20000 learn=20000 movies=600 tweets=3500 test=600 rate=14 pace=0.5 enough=3200 epochs=2 recovered=150
fi

# 1. Programs, model and rows.
need_packages python3
if [ -n "${HONE_BIN:-}" ]; then
    bin=$HONE_BIN
else
    need_build_packages
    say "building in release; the first time takes some minutes"
    build --product honed
    build --product hone
    bin=$root/.build/release
fi
for tool in honed hone; do
    [ -x "$bin/$tool" ] || fail "$bin holds no $tool: build first, or name another place with HONE_BIN"
done
"$root/Deploy/fetch-data.sh"
data=${HONE_DATA:-$HOME/.cache/hone}

if [ -z "$dir" ]; then
    dir=$(mktemp -d "${TMPDIR:-/tmp}/hone-demo.XXXXXX")
else
    mkdir -p "$dir"
    [ -z "$(ls -A "$dir")" ] || fail "$dir is not empty: name a new folder with --keep"
    dir=$(cd "$dir" && pwd)
fi
[ ${#dir} -le 90 ] || fail "$dir is too long a path for a socket: name a shorter one with --keep"
python3 - "$port" <<'END' || fail "port $port is taken or not allowed: name another with --port"
import socket, sys
door = socket.socket()
door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
door.bind(("127.0.0.1", int(sys.argv[1])))
END

# What was started ends with the story, or with Ctrl-C; the daemon may be left running.
stream_pid='' honed_pid='' client_pid=''
end() { # PID SECONDS: asks a process to end, waits, and insists
    [ -n "$1" ] && kill -TERM "$1" 2>/dev/null || return 0
    local tenths=$(($2 * 10))
    while kill -0 "$1" 2>/dev/null && [ $tenths -gt 0 ]; do
        sleep 0.1
        tenths=$((tenths - 1))
    done
    kill -KILL "$1" 2>/dev/null || true
}
# shellcheck disable=SC2317 # called by the trap
clean_up() {
    local code=$?
    trap - EXIT INT TERM
    end "$client_pid" 5
    end "$honed_pid" 12
    end "$stream_pid" 2
    [ "$code" -eq 0 ] || say "the demo did not come to its end; its logs are in $dir"
    exit "$code"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Away from the terminal, so that Ctrl-C reaches this script alone and the daemon may outlive it.
in_background() { # LOG COMMAND...
    local log=$1
    shift
    setsid "$@" </dev/null >>"$log" 2>&1 &
}

# 2. A first model, from movie reviews.
heading() { printf '\n\033[1m%s\033[0m\n' "$*"; }
if [ ! -t 1 ] || [ -n "${NO_COLOR:-}" ]; then heading() { printf '\n%s\n' "$*"; }; fi

python3 -B "$root/Deploy/demo/prepare.py" split "$data/sentiment" "$dir/rows" --train $train \
    --movies $movies --tweets $tweets --movies-test $test --tweets-test $test
# The first model may learn from fewer reviews than are known: the hold-out of all of them is what
# the gate measures forgetting on, and few rows there could not tell a small loss from none.
head -n $learn "$dir/rows/movies-train.jsonl" >"$dir/rows/movies-learn.jsonl"
heading "A first model learns from $(wc -l <"$dir/rows/movies-learn.jsonl") movie reviews"
"$bin/hone" train --base "$data/minilm" --train "$dir/rows/movies-learn.jsonl" \
    --output "$dir/first-model" --epochs 2

# 3. The stream, the daemon, the client.
in_background "$dir/stream.log" python3 -B "$root/Deploy/demo/stream.py" "$dir/rows" \
    --movies $movies --tweets $tweets --rate $rate --address "$dir/stream.address"
stream_pid=$!
for _ in $(seq 100); do [ -e "$dir/stream.address" ] || sleep 0.1; done
stream=$(cat "$dir/stream.address") || fail "the stream did not start: $dir/stream.log says why"

cat >"$dir/honed.yaml" <<END
data_directory: $dir/data
server:
  port: $port
control:
  socket: $dir/control.sock
model:
  name: sentiment
  labels: [negative, neutral, positive]
sources:
  - name: stream
    url: $stream/rows.jsonl
    interval: 1s
    cursor:
      kind: page
    columns:
      time: created_at
      id: id
watching:
  window: 200
  # The stream plays in minutes what takes weeks elsewhere; labels count, not days.
  false_alarm_interval: 0s
retraining:
  minimum_new_labels: $((movies + enough))
  cool_down: 30s
  training:
    epochs: $epochs
gate:
  # Who learns a second domain changes its mind on some rows of the first, in both directions; what
  # counts here is that it does not lose more than anchor_margin on balance.
  churn: 0.15
  # The fall by itself is within a point or so, but 1,900 rows show it only to within another: the usual
  # two points would refuse one run in four that forgot nothing to speak of.
  anchor_margin: 3%
  # Stream, clients, daemon and trainer share this machine, so times say little here.
  latency_ratio: 3
END

"$bin/hone" import "$dir/first-model" --config "$dir/honed.yaml" \
    --examples "$dir/rows/movies-train.jsonl" --reason "first model, from movie reviews"

in_background "$dir/honed.log" "$bin/honed" --config "$dir/honed.yaml"
honed_pid=$!
python3 - "http://127.0.0.1:$port/health" "$honed_pid" <<'END' ||
import os, sys, time, urllib.request
for _ in range(300):
    try:
        urllib.request.urlopen(sys.argv[1], timeout=5).read()
        sys.exit(0)
    except OSError:
        os.kill(int(sys.argv[2]), 0)  # no use in waiting for the dead
        time.sleep(0.2)
sys.exit(1)
END
    { tail -n 5 "$dir/honed.log" >&2; fail "honed did not start: $dir/honed.log says why"; }

in_background "$dir/client.log" python3 -B "$root/Deploy/demo/client.py" \
    "$dir/rows/movies-ask.jsonl" "$dir/rows/tweets-ask.jsonl" --port "$port" --output "$dir/client.json"
client_pid=$!

# 4. The story.
heading "The loop runs: dashboard at http://127.0.0.1:$port/"
python3 -B "$root/Deploy/demo/follow.py" --hone "$bin/hone" --config "$dir/honed.yaml" \
    --stream "$stream" --client "$dir/client.json" --pace $pace --recovered $recovered && told=0 || told=$?
[ "$told" -le 1 ] || exit "$told"
end "$client_pid" 5
client_pid=''

# 5. What came of it, on rows that were neither streamed nor learned from.
"$bin/hone" report --config "$dir/honed.yaml" --format html -o "$dir/report.html" 2>>"$dir/report.log"
"$bin/hone" report --config "$dir/honed.yaml" --format text -o "$dir/report.txt" 2>>"$dir/report.log"
heading "Before and after, on $test movie reviews and $test tweets that nobody learned from"
python3 -B "$root/Deploy/demo/compare.py" --hone "$bin/hone" --config "$dir/honed.yaml" --data "$dir/data" \
    --first "$dir/first-model" --rows "$dir/rows"

heading "Where to look"
printf '  drift report     %s\n' "$dir/report.html" "$dir/report.txt"
printf '  logs and rows    %s\n' "$dir"
if [ "$stop_at_end" = yes ]; then
    end "$honed_pid" 12
    end "$stream_pid" 2
    printf '  the daemon was stopped\n'
else
    printf '  dashboard        http://127.0.0.1:%s/\n' "$port"
    printf '  from a terminal  %s status --config %s\n' "$bin/hone" "$dir/honed.yaml"
    printf '  to stop it       kill %s %s\n' "$honed_pid" "$stream_pid"
fi
honed_pid='' stream_pid=''
exit "$told"
