#!/usr/bin/env bash
# Measures packing against tar and pigz, the whole chain (redact, seal, search, pack, verify), and reading one item, side
# by side: all of them in turn, several rounds, medians of wall clock and of processor time.
#   Benchmarks/bundle.sh FILE ...    files to pack, such as 1 GB of logs; without any, logs are made up
# MEGABYTES, ROUNDS, THREADS and LEVEL change the defaults. A busy machine favours whoever has more threads: look at the
# load that is shown.
set -euo pipefail
cd "$(dirname "$0")/.."
threads=${THREADS:-2}
level=${LEVEL:-6}
rounds=${ROUNDS:-3}
for tool in pigz tar gzip; do command -v "$tool" >/dev/null || { echo "error: $tool is needed" >&2; exit 1; }; done

BENCHMARKS=1 swift build -c release --product bundle-bench >&2
bench=$(BENCHMARKS=1 swift build -c release --show-bin-path)/bundle-bench
work=$(mktemp -d "${TMPDIR:-/var/tmp}/bundle-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT

if [ $# -eq 0 ]; then
    python3 Benchmarks/corpus.py log "${MEGABYTES:-1000}" "$work/system.log"
    set -- "$work/system.log"
fi
cat "$@" >/dev/null # into the page cache, for all alike

TIMEFORMAT='%R %U %S'
clock() { # clock NAME COMMAND ...: adds a line of wall, user and system time to NAME.time
    local name=$1
    shift
    { time "$@" >"$work/$name.txt" 2>/dev/null; } 2>>"$work/$name.time"
}
median() { # median NAME wall|cpu
    awk -v what="$2" '{ print what == "wall" ? $1 : $2 + $3 }' "$work/$1.time" | sort -n |
        awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}
pigz_tar() { tar cf - "$@" | pigz -p "$threads" >"$work/pigz.gz"; }
gzip_tar() { tar czf "$work/tar.gz" "$@"; }

echo "input: $(cat "$@" | wc -c) bytes; $(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg), $rounds rounds"
for _ in $(seq "$rounds"); do
    clock tar gzip_tar "$@"
    clock pigz pigz_tar "$@"
    clock pack "$bench" pack "$level" "$threads" "$work" "$work/b.tar.gz" "$@"
    clock chain "$bench" chain "$level" "$threads" "$work" "$work/c.tar.gz" "$@"
    clock verify "$bench" verify "$work/b.tar.gz"
done

row() { # row LABEL NAME FILE
    local size=-
    [ -z "$3" ] || size=$(stat -c %s "$work/$3")
    awk -v l="$1" -v w="$(median "$2" wall)" -v c="$(median "$2" cpu)" -v tw="$(median tar wall)" \
        -v tc="$(median tar cpu)" -v s="$size" 'BEGIN {
            printf "%-36s %7.2f s wall (%.2fx) %7.2f s cpu (%.2fx) %14s bytes\n", l, w, tw / w, c, tc / c, s }'
}
row "tar czf" tar tar.gz
row "tar | pigz -p $threads" pigz pigz.gz
row "pack --level $level --threads $threads" pack b.tar.gz
row "redact, seal, search, pack, verify" chain c.tar.gz
row "verify" verify ""
cat "$work/chain.txt"
grep -h peak "$work"/pack.txt "$work"/verify.txt
"$bench" show "$work/b.tar.gz" SHA256SUMS
[ "$(stat -c %s "$work/b.tar.gz")" -le "$(stat -c %s "$work/tar.gz")" ] || echo "larger than tar czf"
