#!/usr/bin/env bash
# Installs what the tests need, checks the form of everything, builds and runs all tests, in
# release. The last line is the test runner's own.
#
#   Deploy/test.sh [ARGUMENT...]     arguments go to `swift test`, such as --filter DriftTests
set -euo pipefail
# shellcheck source=Deploy/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
cd "$root"

need_build_packages
need_packages python3 shellcheck sqlite3 openssl
"$root/Deploy/fetch-data.sh"

say "checking the form of scripts, programs and sources"
mapfile -t scripts < <(find Deploy Tests -name '*.sh' | sort)
for script in "${scripts[@]}" .ci/run; do bash -n "$script"; done
shellcheck --external-sources "${scripts[@]}" .ci/run
find Deploy Tests -name '*.py' -print0 | sort -z | xargs -0 -r python3 -c '
import ast, pathlib, sys
for path in sys.argv[1:]:
    ast.parse(pathlib.Path(path).read_text(encoding="utf-8"), path)'
if command -v systemd-analyze >/dev/null; then
    # Ten times the exposure: at most 2.0.
    systemd-analyze security --offline=true --threshold=20 systemd/honed.service >/dev/null ||
        fail "systemd/honed.service is exposed more than 2.0: systemd-analyze security --offline=true shows where"
fi
swift format lint --strict --parallel --configuration .swift-format --recursive Package.swift Sources Tests

say "testing the demo's own programs"
python3 -B -m unittest discover --quiet --start-directory Tests/Demo

build --build-tests

say "killing the daemon fifty times while clients send feedback"
python3 -B Tests/Service/kill.py "$root/.build/release" 50

say "killing trainers and the daemon in the middle of runs"
python3 -B Tests/Service/survive.py "$root/.build/release" 12

say "killing the daemon while it has something to tell"
python3 -B Tests/Service/alerts.py "$root/.build/release" 10

say "trying the alerting rules and the dashboard with a real Prometheus"
if ! command -v promtool >/dev/null; then
    # Unpacked, not installed: the package would start a service of its own.
    tools=${HONE_DATA:-$HOME/.cache/hone}/prometheus
    mkdir -p "$tools"
    (cd "$tools" && apt-get -q download prometheus && dpkg -x prometheus_*.deb .) >&2 ||
        fail "Debian's package prometheus could not be fetched: is the network up?"
    PATH=$tools/usr/bin:$PATH
fi
python3 -B Tests/Service/prometheus.py "$root/.build/release"

# Nothing reads from a terminal here, and nothing may wait for one.
exec swift test -c release --skip-build --disable-xctest "$@" </dev/null
