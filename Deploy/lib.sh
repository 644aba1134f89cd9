# What the scripts beside this file share. Sourced, never run.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '%s\n' "$*" >&2; }

# fail SENTENCE: what went wrong, and what to do about it.
fail() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

# as_root COMMAND...: as it stands for root, with sudo for everybody else.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        fail "\"$*\" needs root, and there is no sudo: run it as root first"
    fi
}

# need_packages NAME...: installs those Debian packages that are missing.
need_packages() {
    local name missing=()
    for name in "$@"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || missing+=("$name")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    command -v apt-get >/dev/null ||
        fail "these packages are missing, and this is no Debian to install them on: ${missing[*]}"
    say "installing ${missing[*]}"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q >/dev/null ||
        fail "the package lists could not be renewed: is the network up?"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" \
        </dev/null >/dev/null || fail "these packages could not be installed: ${missing[*]}"
}

# need_swift: the toolchain is not Debian's, so it is only asked for.
need_swift() {
    command -v swift >/dev/null ||
        fail "there is no swift on the PATH: install Swift 6.2 or newer from swift.org/install/linux"
}

# need_build_packages: what `swift build` links with.
need_build_packages() {
    need_swift
    need_packages pkg-config libcurl4-openssl-dev libsqlite3-dev
}

# build ARGUMENT...: swift build in release, quiet unless it fails.
build() {
    (cd "$root" && swift build -c release "$@") >&2 || fail "the build failed; its last lines above say where"
}
