#!/usr/bin/env bash
# A whole session on real text, told on the terminal. Of one class a text: a first model learns from movie reviews
# and is served; labelled reviews stream in, then labelled tweets; accuracy falls, the alarm goes, the daemon trains
# again, the gate compares, the better model is swapped in and no request is lost.
#
#   Deploy/demo.sh [--task TASK] [--data DIR] [--fast] [--exit] [--port N] [--keep DIR]
#
#   --task TASK  classify (as above), ner (names in tweets, the loop again), qa (answers in texts: learned,
#                served, asked) or generate (a writer, from nothing and on)
#   --data DIR   where the rows of ner and qa are, which are not fetched; without it you are told where from
#   --fast       less data: within 4 minutes on 2 cores, once built (classify)
#   --exit       stop the daemon at the end
#   --port N     where it serves (8080)
#   --keep DIR   put everything there, not in a new folder of its own
#
#   HONE_DATA    where model and rows are cached (~/.cache/hone)
#   HONE_BIN     take honed and hone from there and build nothing
set -euo pipefail
# shellcheck source=Deploy/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# shellcheck disable=SC2034 # the sessions read these
task=classify rows='' fast=no stop_at_end=no port=8080 dir=
# shellcheck disable=SC2034
while [ $# -gt 0 ]; do
    case $1 in
        --task) task=${2:?--task needs a name}; shift ;;
        --task=*) task=${1#*=} ;;
        --data) rows=${2:?--data needs a folder}; shift ;;
        --data=*) rows=${1#*=} ;;
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
case $task in
    classify | generate) ;;
    ner)
        [ -n "$rows" ] || fail "the tweets of --task ner are yours to fetch (CC BY 4.0):
  git clone https://github.com/GateNLP/broad_twitter_corpus
  Deploy/demo.sh --task ner --data broad_twitter_corpus"
        ;;
    qa)
        [ -n "$rows" ] || fail "the questions of --task qa are yours to fetch (CC BY-SA 4.0):
  git clone https://github.com/google-deepmind/xquad
  Deploy/demo.sh --task qa --data xquad"
        ;;
    *) fail "--task $task: write classify, ner, qa or generate" ;;
esac
[ -z "$rows" ] || [ -d "$rows" ] || fail "--data $rows is no folder"

# Programs and model.
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
# shellcheck disable=SC2034
data=${HONE_DATA:-$HOME/.cache/hone}

if [ -z "$dir" ]; then
    dir=$(mktemp -d "${TMPDIR:-/tmp}/hone-demo.XXXXXX")
else
    mkdir -p "$dir"
    [ -z "$(ls -A "$dir")" ] || fail "$dir is not empty: name a new folder with --keep"
    dir=$(cd "$dir" && pwd)
fi
[ ${#dir} -le 90 ] || fail "$dir is too long a path for a socket: name a shorter one with --keep"

# shellcheck source=Deploy/demo/lib.sh
source "$root/Deploy/demo/lib.sh"
[ "$task" = generate ] || need_free_port "$port"
# shellcheck disable=SC1090 # one of Deploy/demo/*.sh
source "$root/Deploy/demo/$task.sh"
