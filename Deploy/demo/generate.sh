# The session of --task generate, sourced by demo.sh: a small GPT-2 learns from nothing to write as movie reviews are
# written, writes, goes on with tweets, and writes otherwise.
# shellcheck shell=bash disable=SC2034,SC2154 # names are demo.sh's

# Minutes of learning: from nothing, and on.
if [ "$fast" = yes ]; then begin=1 on=1; else begin=4 on=2; fi
write() { # FOLDER: the same beginnings with the same luck
    local prompt
    for prompt in "The film is" "I love" "It was the"; do
        "$bin/hone" generate --model "$1" --prompt "$prompt" --max-tokens 24 --temperature 0.8 --top-p 0.9 --seed 7
        printf '\n'
    done
}

# 1. From nothing, tokenizer included.
heading "A small GPT-2 reads movie reviews for $begin minutes"
"$bin/hone" pretrain --family gpt2 --layers 4 --hidden 192 --vocabulary 4000 --length 64 \
    --text "$data/sentiment/movies.jsonl" --minutes $begin --output "$dir/reviewer"
heading "It writes"
write "$dir/reviewer"

# 2. On, with other text.
heading "It goes on with tweets for $on minutes"
"$bin/hone" pretrain --base "$dir/reviewer" --text "$data/sentiment/tweets.jsonl" --minutes $on \
    --output "$dir/tweeter"
heading "The same beginnings"
write "$dir/tweeter"

heading "Where to look"
printf '  models           %s\n' "$dir/reviewer" "$dir/tweeter"
