#!/usr/bin/env bash
# Puts Hone in place as a service: binaries, unit, user and group, directories, configuration and
# completions. Run it again to upgrade; nothing of yours is overwritten.
#
#   sudo Deploy/install.sh [--prefix DIR] [--no-build]     install or upgrade
#   sudo Deploy/install.sh --uninstall [--purge]           remove; --purge removes configuration,
#                                                          models, rows, user and group too
#
#   --prefix DIR   where bin/ and share/ go (/usr/local)
#   --no-build     take the binaries that lie in HONE_BIN (.build-static/release)
#   DESTDIR        stage everything below that folder, for packages; touches no user and no service
set -euo pipefail
# shellcheck source=Deploy/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

prefix=/usr/local action=install purge=no build=yes
destination=${DESTDIR:-}
scratch=$root/.build-static
binaries=${HONE_BIN:-$scratch/release}

while [ $# -gt 0 ]; do
    case $1 in
        --prefix) prefix=${2:?--prefix needs a folder}; shift ;;
        --prefix=*) prefix=${1#*=} ;;
        --no-build) build=no ;;
        --uninstall) action=uninstall ;;
        --purge) action=uninstall purge=yes ;;
        -h | --help) sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0"; exit 0 ;;
        *) fail "unknown argument $1; see --help" ;;
    esac
    shift
done
case $prefix in /*) ;; *) fail "--prefix $prefix: write the whole path, from /" ;; esac

# Where systemd looks depends on who installs: the distribution, the machine, or anybody.
case $prefix in
    /usr | /usr/local) lib=$prefix/lib ;;
    *) lib=/etc ;;
esac
files=(
    "$prefix/bin/honed" "$prefix/bin/hone" "$lib/systemd/system/honed.service"
    "$lib/sysusers.d/honed.conf" "$lib/tmpfiles.d/honed.conf" "$prefix/share/doc/hone/honed.yaml"
)
for tool in hone honed; do
    files+=(
        "$prefix/share/bash-completion/completions/$tool" "$prefix/share/zsh/site-functions/_$tool"
        "$prefix/share/fish/vendor_completions.d/$tool.fish"
    )
done

# Whether this machine itself is installed on, and not a folder.
is_live() { [ -z "$destination" ]; }
has_systemd() { is_live && [ -d /run/systemd/system ]; }

# The service links the Swift runtime in, so that the machine it runs on needs no Swift. Who calls
# sudo builds under the own name: the build folder stays theirs, and so does the path to swift.
build_static() {
    local command=(swift build -c release --static-swift-stdlib --scratch-path "$scratch")
    need_packages pkg-config libcurl4-openssl-dev libsqlite3-dev
    say "building in release; the first time takes some minutes"
    if [ "$(id -u)" -eq 0 ] && [ -n "${SUDO_USER:-}" ] && [ "$SUDO_USER" != root ]; then
        runuser -u "$SUDO_USER" -- bash -lc 'command -v swift' >/dev/null ||
            fail "a login shell of $SUDO_USER finds no swift: build as yourself with \`${command[*]}\`," \
                "then come back with --no-build"
        local product
        for product in honed hone; do
            runuser -u "$SUDO_USER" -- bash -lc \
                "cd $(printf %q "$root") && $(printf '%q ' "${command[@]}") --product $product" >&2 ||
                fail "the build failed; build as yourself, then come back with --no-build: ${command[*]}"
        done
    else
        need_swift
        (cd "$root" && "${command[@]}" --product honed && "${command[@]}" --product hone) >&2 ||
            fail "the build failed; its last lines above say where"
    fi
}

# put MODE SOURCE TARGET: in place in one step, so that a running program keeps its old file.
put() {
    mkdir -p "$destination$(dirname "$3")"
    install -m "$1" "$2" "$destination$3.install"
    mv -f "$destination$3.install" "$destination$3"
}

# write MODE TARGET: what comes in by standard input.
write() {
    local draft
    draft=$(mktemp)
    cat >"$draft"
    put "$1" "$draft" "$2"
    rm -f "$draft"
}

put_completions() {
    local tool shell target
    for tool in hone honed; do
        for shell in bash zsh fish; do
            case $shell in
                bash) target=$prefix/share/bash-completion/completions/$tool ;;
                zsh) target=$prefix/share/zsh/site-functions/_$tool ;;
                fish) target=$prefix/share/fish/vendor_completions.d/$tool.fish ;;
            esac
            "$binaries/$tool" --generate-completion-script "$shell" | write 644 "$target"
        done
    done
}

put_configuration() {
    local source=$root/Deploy/honed.yaml target=/etc/honed/honed.yaml
    put 644 "$source" "$prefix/share/doc/hone/honed.yaml"
    if [ ! -e "$destination$target" ]; then
        put 644 "$source" "$target"
    elif ! cmp -s "$source" "$destination$target"; then
        put 644 "$source" "$target.new"
        say "your $target stays as it is; what a new one looks like is in $target.new"
    fi
}

create_accounts() {
    if command -v systemd-sysusers >/dev/null; then
        systemd-sysusers "$lib/sysusers.d/honed.conf"
    else
        getent group hone >/dev/null || groupadd --system hone
        id honed >/dev/null 2>&1 ||
            useradd --system --gid hone --home-dir /var/lib/honed --shell /usr/sbin/nologin honed
    fi
    install -d -m 750 -o honed -g hone /var/lib/honed
}

install_all() {
    [ "$build" = no ] || build_static
    local tool
    for tool in honed hone; do
        [ -x "$binaries/$tool" ] || fail "$binaries/$tool is missing: build first, or name another place with HONE_BIN"
    done
    for tool in honed hone; do put 755 "$binaries/$tool" "$prefix/bin/$tool"; done
    put_completions
    sed "s,/usr/local/,$prefix/," "$root/systemd/honed.service" | write 644 "$lib/systemd/system/honed.service"
    put 644 "$root/systemd/honed.sysusers.conf" "$lib/sysusers.d/honed.conf"
    put 644 "$root/systemd/honed.tmpfiles.conf" "$lib/tmpfiles.d/honed.conf"
    put_configuration
    is_live || { say "staged below $destination"; return; }
    need_packages libcurl4 libsqlite3-0
    create_accounts
    if has_systemd; then
        systemctl daemon-reload
        systemctl try-restart honed
    fi
    cat >&2 <<END

Hone is installed. Next:
  hone check                          every problem comes with its remedy
  hone import FOLDER                  a first model, such as hone train writes
  systemctl enable --now honed        now, and after every start of the machine
  usermod --append --groups hone YOU  to use hone without sudo
END
}

uninstall_all() {
    if has_systemd && systemctl cat honed >/dev/null 2>&1; then systemctl disable --quiet --now honed; fi
    local file
    for file in "${files[@]}"; do rm -f "$destination$file"; done
    rmdir "$destination$prefix/share/doc/hone" 2>/dev/null || true
    if has_systemd; then systemctl daemon-reload; fi
    if [ "$purge" = yes ]; then
        rm -rf "$destination/etc/honed" "$destination/var/lib/honed"
        if is_live; then
            if id honed >/dev/null 2>&1; then userdel honed; fi
            if getent group hone >/dev/null; then groupdel hone; fi
        fi
        say "Hone is gone, with its configuration, models and rows."
    else
        say "Hone is gone; /etc/honed and /var/lib/honed are still there (--purge removes them)."
    fi
}

if is_live && [ "$(id -u)" -ne 0 ]; then fail "installing needs root: sudo $0 $action"; fi
"${action}_all"
