# The session of --task qa, sourced by demo.sh: a model learns to find answers in encyclopedia articles, is measured
# on articles that it never saw, served, and asked.
# shellcheck shell=bash disable=SC2034,SC2154 # names are demo.sh's

# How much of everything: articles to learn from, and passes over them.
if [ "$fast" = yes ]; then articles=16 epochs=3; else articles=32 epochs=4; fi

# 1. A model.
python3 -B "$root/Deploy/demo/questions.py" deal "$rows" "$dir/rows" --articles $articles
heading "A model learns from the questions about $articles articles"
"$bin/hone" train --task qa --base "$data/minilm" --train "$dir/rows/learn.json" --epochs $epochs \
    --output "$dir/answers"

# 2. What it is worth, on articles that it never saw.
heading "On the articles that it did not learn from"
"$bin/hone" evaluate "$dir/answers" "$dir/rows/test.json"

# 3. Served, and asked.
{ places; cat <<END; } >"$dir/honed.yaml"
model:
  name: answers
  task: question-answering
END
"$bin/hone" import "$dir/answers" --config "$dir/honed.yaml" --promote --reason "the first model"
start_honed "$dir/honed.yaml"
heading "Asked over HTTP"
python3 -B "$root/Deploy/demo/questions.py" ask "$dir/rows/test.json" --address "http://127.0.0.1:$port"

heading "Where to look"
printf '  logs and rows    %s\n' "$dir"
end_session
