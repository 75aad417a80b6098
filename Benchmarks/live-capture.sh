#!/usr/bin/env bash
# Shows whether the scrubber keeps up with tcpdump: at the full rate of a flood over loopback, how many packets does the
# kernel drop because of the reader of `tcpdump -w -`? Readers, one after the other, round by round:
#   none   tcpdump -w /dev/null
#   cat    tcpdump -w - | cat >/dev/null, the cheapest reader there is
#   scrub  tcpdump -w - | PROGRAM redact --format pcap >/dev/null
# Usage, as root: Benchmarks/live-capture.sh PROGRAM [ROUNDS, default 3] [SECONDS, default 5]
set -euo pipefail
program=$1
rounds=${2:-3}
seconds=${3:-5}
port=$((20000 + RANDOM % 5000))
for tool in tcpdump python3; do command -v "$tool" >/dev/null || { echo "error: $tool is needed" >&2; exit 1; }; done
work=$(mktemp -d "${TMPDIR:-/var/tmp}/live-capture.XXXXXX")
trap 'rm -rf "$work"' EXIT

# Sends TLS application data to itself as fast as it can; the receiver throws it away.
cat >"$work/flood.py" <<'PYTHON'
import socket, sys, threading, time
port, seconds = int(sys.argv[1]), float(sys.argv[2])
server = socket.create_server(("127.0.0.1", port))
def receive():
    peer, _ = server.accept()
    while peer.recv(1 << 20):
        pass
thread = threading.Thread(target=receive)
thread.start()
client = socket.create_connection(("127.0.0.1", port))
client.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 1400)
client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
record = (b"\x17\x03\x03\x05\x73" + b"\xa5" * 1395) * 40
end, sent = time.monotonic() + seconds, 0
while time.monotonic() < end:
    sent += client.send(record)
client.close()
thread.join()
print(sent)
PYTHON

measure() { # measure READER
    local errors=$work/tcpdump.err dump sent
    local options=(-i lo -s 0 -B 4096 tcp port "$port")
    case $1 in
    none) tcpdump -w /dev/null "${options[@]}" 2>"$errors" & ;;
    cat) (tcpdump -w - "${options[@]}" 2>"$errors" | cat >/dev/null) & ;;
    scrub) (tcpdump -w - "${options[@]}" 2>"$errors" | "$program" redact --format pcap >/dev/null) & ;;
    esac
    until grep -q 'listening on' "$errors" 2>/dev/null; do sleep 0.05; done
    sent=$(python3 "$work/flood.py" "$port" "$seconds")
    sleep 0.5
    dump=$(pgrep -f "tcpdump .*tcp port $port\$" | head -1)
    kill -INT "$dump"
    wait
    awk -v reader="$1" -v sent="$sent" -v seconds="$seconds" '
        /captured/ { captured = $1 } /dropped by kernel/ { dropped = $1 }
        END { printf "%-6s %7.0f MB/s sent %9d packets captured %8d dropped by the kernel (%.2f %%)\n", reader,
              sent / seconds / 1e6, captured, dropped, 100 * dropped / (captured + dropped + 0.000001) }' "$errors"
    rm -f "$errors"
}

echo "$(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg)"
for _ in $(seq "$rounds"); do
    for reader in none cat scrub; do measure "$reader"; done
done
