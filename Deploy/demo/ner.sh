# The session of --task ner, sourced by demo.sh: a model learns names from British tweets of 2012 and is served; then
# tweets of other people and another time come as labelled feedback (sections e and f), the alarm goes, the daemon
# trains again, the gate compares and the better model is swapped in.
# shellcheck shell=bash disable=SC2034,SC2154 # names are demo.sh's

# How much of everything. A run waits for `early + enough` new labels.
if [ "$fast" = yes ]; then
    early=200 enough=700 epochs=4 rate=40
else
    early=200 enough=1000 epochs=6 rate=25
fi

# 1. A first model, from sections a and b.
python3 -B "$root/Deploy/demo/names.py" deal "$rows" "$dir/rows" --early $early
heading "A first model learns names from British tweets of 2012"
"$bin/hone" train --task ner --base "$data/minilm" --train "$dir/rows/first.jsonl" --epochs $epochs \
    --output "$dir/first-model"

# 2. The daemon.
{ places; cat <<END; } >"$dir/honed.yaml"
model:
  name: names
  task: token-classification
watching:
  window: 200
  # Labels count here, not days: the feedback of weeks comes in minutes.
  false_alarm_interval: 0s
retraining:
  minimum_new_labels: $((early + enough))
  cool_down: 30s
  training:
    epochs: $epochs
gate:
  # What counts is that not more is lost on balance than anchor_margin: see classify.sh.
  churn: 0.15
  anchor_margin: 3%
  # Feedback, daemon and trainer share this machine, so times say little here.
  latency_ratio: 3
END
"$bin/hone" import "$dir/first-model" --config "$dir/honed.yaml" --examples "$dir/rows/first.jsonl" \
    --reason "first model, from sections a and b"
start_honed "$dir/honed.yaml"

# 3. The story.
heading "The loop runs: dashboard at http://127.0.0.1:$port/"
python3 -B "$root/Deploy/demo/names.py" feed "$dir/rows" --hone "$bin/hone" --config "$dir/honed.yaml" \
    --address "http://127.0.0.1:$port" --rate $rate && told=0 || told=$?
[ "$told" -le 1 ] || exit "$told"

# 4. What came of it, on rows that were neither sent nor learned from.
tell_outcome "Before and after, entity F1 on tweets that nobody learned from" \
    "$dir"/rows/*-test.jsonl
end_session
exit "$told"
