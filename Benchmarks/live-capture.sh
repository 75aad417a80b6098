#!/usr/bin/env bash
# Shows whether the scrubber keeps up with tcpdump: how many packets does the kernel drop while this machine sends to itself
# at rising rates, with one reader of `tcpdump -w -` after the other?
#   cat    | cat >/dev/null, the cheapest reader there is
#   scrub  | PROGRAM redact --format pcap >/dev/null
# Where nothing is lost with cat, nothing may be lost with scrub.
# Usage, as root: Benchmarks/live-capture.sh PROGRAM [SECONDS, default 5] [MEGABYTES PER SECOND ...]
set -euo pipefail
program=$1
seconds=${2:-5}
rates=("${@:3}")
[ ${#rates[@]} -gt 0 ] || rates=(50 100 200 400 800 1600)
port=$((20000 + RANDOM % 5000))
for tool in tcpdump python3; do command -v "$tool" >/dev/null || { echo "error: $tool is needed" >&2; exit 1; }; done
work=$(mktemp -d "${TMPDIR:-/var/tmp}/live-capture.XXXXXX")
trap 'rm -rf "$work"' EXIT

# Sends TLS application data to itself at a rate, in segments of the loopback's size; the receiver throws it away.
cat >"$work/flood.py" <<'PYTHON'
import socket, sys, threading, time
port, seconds, rate = int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3]) * 1e6
server = socket.create_server(("127.0.0.1", port))
def receive():
    peer, _ = server.accept()
    while peer.recv(1 << 20):
        pass
thread = threading.Thread(target=receive)
thread.start()
client = socket.create_connection(("127.0.0.1", port))
client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
record = (b"\x17\x03\x03\x05\x73" + b"\xa5" * 1395) * 40
start, sent = time.monotonic(), 0
while (now := time.monotonic() - start) < seconds:
    if sent <= now * rate:
        sent += client.send(record)
    else:
        time.sleep(0.0005)
client.close()
thread.join()
print(sent)
PYTHON

measure() { # measure READER RATE
    local errors=$work/tcpdump.err dump sent
    local command=(tcpdump -i lo -s 0 -w - tcp port "$port")
    : >"$errors"
    case $1 in
    cat) "${command[@]}" 2>"$errors" > >(cat >/dev/null) & ;;
    scrub) "${command[@]}" 2>"$errors" > >("$program" redact --format pcap >/dev/null) & ;;
    esac
    dump=$!
    until grep -q 'listening on' "$errors"; do sleep 0.05; done
    sent=$(python3 "$work/flood.py" "$port" "$seconds" "$2")
    sleep 1
    kill -INT "$dump"
    wait "$dump" || true
    awk -v reader="$1" -v sent="$sent" -v seconds="$seconds" '
        / captured/ { captured = $1 } /dropped by kernel/ { dropped = $1 }
        END { printf "%-6s %7.0f MB/s sent %9d packets captured %8d dropped by the kernel (%.2f %%)\n", reader,
              sent / seconds / 1e6, captured, dropped, 100 * dropped / (captured + dropped + 0.000001) }' "$errors"
}

echo "$(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg)"
for rate in "${rates[@]}"; do
    for reader in cat scrub; do measure "$reader" "$rate"; done
done
