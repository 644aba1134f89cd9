# What the sessions of demo.sh share. Sourced, never run.
# shellcheck shell=bash disable=SC2034,SC2154 # names are demo.sh's

heading() { printf '\n\033[1m%s\033[0m\n' "$*"; }
if [ ! -t 1 ] || [ -n "${NO_COLOR:-}" ]; then heading() { printf '\n%s\n' "$*"; }; fi

# need_free_port PORT
need_free_port() {
    python3 - "$1" <<'END' || fail "port $1 is taken or not allowed: name another with --port"
import socket, sys
door = socket.socket()
door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
door.bind(("127.0.0.1", int(sys.argv[1])))
END
}

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

# places: the beginning of every configuration.
places() { printf 'data_directory: %s\nserver:\n  port: %s\ncontrol:\n  socket: %s\n' "$dir/data" "$port" "$dir/control.sock"; }

# start_honed CONFIGURATION: and waits until it answers.
start_honed() {
    in_background "$dir/honed.log" "$bin/honed" --config "$1"
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
}

# tell_outcome TITLE FILE...: the drift report, and both models on labelled rows that neither learned from.
tell_outcome() {
    local title=$1
    shift
    "$bin/hone" report --config "$dir/honed.yaml" --format html -o "$dir/report.html" 2>>"$dir/report.log"
    "$bin/hone" report --config "$dir/honed.yaml" --format text -o "$dir/report.txt" 2>>"$dir/report.log"
    heading "$title"
    python3 -B "$root/Deploy/demo/compare.py" --hone "$bin/hone" --config "$dir/honed.yaml" --data "$dir/data" \
        --first "$dir/first-model" "$@"

    heading "Where to look"
    printf '  drift report     %s\n' "$dir/report.html" "$dir/report.txt"
    printf '  logs and rows    %s\n' "$dir"
}

# end_session: what was started is ended, or left running where it may be looked at.
end_session() {
    if [ "$stop_at_end" = yes ]; then
        end "$honed_pid" 12
        end "$stream_pid" 2
        printf '  the daemon was stopped\n'
    else
        printf '  dashboard        http://127.0.0.1:%s/\n' "$port"
        printf '  from a terminal  %s status --config %s\n' "$bin/hone" "$dir/honed.yaml"
        printf '  to stop it       kill %s\n' "$honed_pid${stream_pid:+ $stream_pid}"
    fi
    honed_pid='' stream_pid=''
}
