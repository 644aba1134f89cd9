#!/usr/bin/env bash
# Boots the service under a real systemd and treats it badly: starts, answers, is hung, is killed,
# trains, is stopped. The machine stays as it is: what is booted is an overlay of its own root, in
# a container of systemd-nspawn, and all that is written goes with it.
#
#   sudo Tests/Service/boot.sh      builds what Deploy/install.sh would install
#
#   HONE_BIN     take honed and hone from there and build nothing
#   HONE_DATA    where the base model is cached (~/.cache/hone)
set -euo pipefail
# shellcheck source=Deploy/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../../Deploy/lib.sh"

[ "$(id -u)" -eq 0 ] || fail "a container needs root: sudo $0"
need_packages systemd systemd-container python3 libcurl4 libsqlite3-0
if [ -z "${HONE_BIN:-}" ]; then
    need_build_packages
    for product in honed hone; do
        build --static-swift-stdlib --scratch-path "$root/.build-static" --product "$product"
    done
    HONE_BIN=$root/.build-static/release
fi
"$root/Deploy/fetch-data.sh"
data=${HONE_DATA:-$HOME/.cache/hone}

work=$(mktemp -d)
# shellcheck disable=SC2317 # called by the trap
clean_up() {
    if mountpoint -q "$work/root"; then umount "$work/root"; fi
    if mountpoint -q "$work"; then umount "$work"; fi
    rm -rf "$work"
}
trap clean_up EXIT
# An overlay cannot lie on an overlay, which is what the root of many containers is.
[ "$(stat -f -c %T "$work")" != overlayfs ] || mount -t tmpfs tmpfs "$work"
mkdir "$work/upper" "$work/work" "$work/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$work/upper,workdir=$work/work" "$work/root"

# What the machine has of Hone already is not what is tested.
rm -rf "$work/root/etc/honed" "$work/root/var/lib/honed"
home=$work/root/hone-test
mkdir -p "$home/bin"
cp "$HONE_BIN/honed" "$HONE_BIN/hone" "$home/bin/"
cp -r "$root/Deploy" "$root/systemd" "$root/Tests/Service/inside.py" "$home/"

say "a small model for the service to serve"
head -n 400 "$data/sentiment/movies.jsonl" >"$home/rows.jsonl"
sed -n 401,800p "$data/sentiment/movies.jsonl" >"$home/more-rows.jsonl"
"$HONE_BIN/hone" train --base "$data/minilm" --train "$home/rows.jsonl" --output "$home/model" --epochs 1 >&2
chmod -R a+rX "$home"

# A target of its own: of the machine's services only the basic ones are started.
units=$work/root/etc/systemd/system
cat >"$units/inside.target" <<'END'
[Unit]
Description=What Hone is tried in
Requires=basic.target
After=basic.target
Wants=inside.service systemd-journald.service
AllowIsolate=yes
END
cat >"$units/inside.service" <<'END'
[Unit]
Description=What is tried on Hone
After=basic.target
[Service]
Type=oneshot
TimeoutStartSec=infinity
ExecStart=/usr/bin/python3 -B /hone-test/inside.py
StandardOutput=append:/inside.log
StandardError=append:/inside.log
END

say "booting"
: >"$work/root/inside.log"
timeout 900 systemd-nspawn --directory="$work/root" --boot --private-network --register=no --keep-unit \
    --quiet systemd.unit=inside.target </dev/null >"$work/console.log" 2>&1 && code=0 || code=$?
cat "$work/root/inside.log"
if [ ! -s "$work/root/inside.log" ]; then tail -n 30 "$work/console.log"; fi
exit "$code"
