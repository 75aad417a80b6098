#!/usr/bin/env bash
# Measures packing against tar and pigz, verifying, and reading one item, side by side in one run.
#   Benchmarks/bundle.sh FILE ...    files to pack, such as 1 GB of logs; without any, logs are made up
set -euo pipefail
cd "$(dirname "$0")/.."
threads=${THREADS:-2}
level=${LEVEL:-6}
for tool in pigz tar gzip; do command -v "$tool" >/dev/null || { echo "error: $tool is needed" >&2; exit 1; }; done

BENCHMARKS=1 swift build -c release --product bundle-bench >&2
bench=$(BENCHMARKS=1 swift build -c release --show-bin-path)/bundle-bench
work=$(mktemp -d "${TMPDIR:-/var/tmp}/bundle-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT

if [ $# -eq 0 ]; then
    python3 Benchmarks/make-log.py "${MEGABYTES:-1024}" >"$work/system.log"
    set -- "$work/system.log"
fi
cat "$@" >/dev/null # into the page cache, for all alike

seconds() { # seconds FILE COMMAND ...: wall time of a command whose output goes to FILE
    local out=$1 start end
    shift
    start=$(date +%s.%N)
    "$@" >"$out"
    end=$(date +%s.%N)
    awk -v a="$start" -v b="$end" 'BEGIN { printf "%.2f", b - a }'
}
pigz_tar() { tar cf - "$@" 2>/dev/null | pigz -p "$threads"; }
gzip_tar() { tar czf - "$@" 2>/dev/null; }

echo "input: $(cat "$@" | wc -c) bytes; $(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg)"
tar_time=$(seconds "$work/tar.gz" gzip_tar "$@")
pigz_time=$(seconds "$work/pigz.gz" pigz_tar "$@")
pack_time=$(seconds "$work/pack.txt" "$bench" pack "$level" "$threads" "$work" "$work/b.tar.gz" "$@")
seal_time=$(seconds "$work/seal.txt" "$bench" seal "$level" "$threads" "$work" "$work/s.tar.gz" "$@")
verify_time=$(seconds "$work/verify.txt" "$bench" verify "$work/b.tar.gz")
cmp "$work/b.tar.gz" "$work/s.tar.gz"

row() { printf '%-34s %8s s %14s bytes  %s\n' "$@"; }
size() { stat -c %s "$1"; }
ratio() { awk -v a="$tar_time" -v b="$1" 'BEGIN { printf "%.2fx tar czf", a / b }'; }
row "tar czf" "$tar_time" "$(size "$work/tar.gz")" ""
row "tar | pigz -p $threads" "$pigz_time" "$(size "$work/pigz.gz")" "$(ratio "$pigz_time")"
row "pack --level $level --threads $threads" "$pack_time" "$(size "$work/b.tar.gz")" "$(ratio "$pack_time")"
row "seal, unseal, pack" "$seal_time" "$(size "$work/s.tar.gz")" "$(ratio "$seal_time")"
row "verify" "$verify_time" "-" "$(ratio "$verify_time")"
grep -h peak "$work"/*.txt
"$bench" show "$work/b.tar.gz" SHA256SUMS
