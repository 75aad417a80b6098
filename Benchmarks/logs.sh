#!/usr/bin/env bash
# Measures the log engine side by side with awk, ripgrep and zgrep, in a warm cache, several rounds, medians: one minute
# out of a large system.log, one message id in all of it, and one in twenty rotated .gz files.
#   Benchmarks/logs.sh [GIGABYTES, default 10]
# ROUNDS changes the default of 5; awk, which takes long, runs once. WINDOWS (default 10000) random windows are compared with
# a slow reader in the end, which takes minutes; 0: none. The log needs room in TMPDIR (default
# /var/tmp), and as much memory as it is long if the cache is to be warm.
set -euo pipefail
cd "$(dirname "$0")/.."
gigabytes=${1:-10}
rounds=${ROUNDS:-5}
for tool in rg zgrep awk; do command -v "$tool" >/dev/null || { echo "error: $tool is needed" >&2; exit 1; }; done

BENCHMARKS=1 swift build -c release --product log-bench >&2
bench=$(BENCHMARKS=1 swift build -c release --show-bin-path)/log-bench
work=$(mktemp -d "${TMPDIR:-/var/tmp}/log-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
log=$work/system.log

first=1795000000
last=$("$bench" make $((gigabytes * 1000)) "$first" 2>&1 >"$log")
cat "$log" >/dev/null # into the page cache, for all alike
middle=$(((first + last) / 2))
from=$(date -u -d "@$middle" +%Y-%m-%dT%H:%M:%SZ)
to=$(date -u -d "@$((middle + 59))" +%Y-%m-%dT%H:%M:%S.999Z)
id=$(tail -c 5000000 "$log" | grep -ao 'rrt331ea-28215-[0-9]*-33' | sed -n 1p)

TIMEFORMAT='%R %U %S'
clock() { # clock NAME COMMAND ...: adds a line of wall, user and system seconds to NAME.time
    local name=$1
    shift
    { time "$@" >"$work/$name.out" 2>"$work/$name.err"; } 2>>"$work/$name.time"
}
median() { # median NAME wall|cpu
    awk -v what="$2" '{ print what == "wall" ? $1 : $2 + $3 }' "$work/$1.time" | sort -n |
        awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}
by_awk() { # all lines of the minute, and those without a time behind them, as people do it by hand
    awk -v from="$(date -u -d "@$middle" '+%Y-%m-%d %H:%M:%S')" -v to="$(date -u -d "@$((middle + 59))" '+%Y-%m-%d %H:%M:%S')~" \
        '/^[0-9]/ { inside = $0 >= from && $0 <= to } inside' "$log"
}
row() { # row LABEL NAME OTHER
    awk -v l="$1" -v w="$(median "$2" wall)" -v c="$(median "$2" cpu)" -v ow="$(median "$3" wall)" -v oc="$(median "$3" cpu)" \
        'BEGIN { printf "%-44s %9.3f s wall, %9.3f s cpu (the other: %.2fx wall, %.2fx cpu)\n", l, w, c, ow / (w + 1e-4), oc / (c + 1e-4) }'
}

echo "log: $(stat -c %s "$log") bytes; $(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg), $rounds rounds"
clock awk by_awk
for _ in $(seq "$rounds"); do clock slice "$bench" slice "$from" "$to" "$log"; done
cmp "$work/slice.out" "$work/awk.out" || echo "the slice and what awk finds differ" >&2
for _ in $(seq "$rounds"); do
    clock id "$bench" id "$id" "$log"
    clock rg rg --no-mmap -aF "$id" "$log"
done
row "a minute of $gigabytes GB, against awk" slice awk
cat "$work/slice.err"
row "a message id in $gigabytes GB, against rg -F" id rg
cat "$work/id.err"

mkdir "$work/old"
split -n l/20 -d <(head -c 2000000000 "$log") "$work/old/system.log." 2>/dev/null ||
    { head -c 2000000000 "$log" >"$work/two"; split -n l/20 -d "$work/two" "$work/old/system.log."; rm "$work/two"; }
rm "$log"
gzip -1 "$work"/old/*
id=$(zcat "$work/old/system.log.10.gz" | grep -ao 'rrt331ea-28215-[0-9]*-33' | sed -n '$p')
cat "$work"/old/* >/dev/null
for _ in $(seq "$rounds"); do
    clock gzid "$bench" id "$id" "$work"/old/*
    clock gzid2 env THREADS=2 "$bench" id "$id" "$work"/old/*
    clock zgrep zgrep -aF "$id" "$work"/old/*
done
row "a message id in 20 .gz of 100 MB, against zgrep" gzid zgrep
row "the same, two at once (zgrep too runs two programs)" gzid2 zgrep
cat "$work/gzid2.err"
cmp "$work/gzid.out" "$work/gzid2.out"

# Ends with an error when a single window differs.
if [ "${WINDOWS:-10000}" -gt 0 ]; then
    echo "${WINDOWS:-10000} random windows against a slow, simple reader"
    LOG_WINDOWS=$((${WINDOWS:-10000} / 2)) swift test --filter SliceTests/equalsASimpleReader 2>&1 | grep -aE "✘|Test run with"
fi
