#!/usr/bin/env bash
# Measures what a collection costs a busy process on the same node: one that computes and one that reads and writes a disk,
# each alone and beside a collection, in turns, medians; and the priority of all that the collection runs.
#   Benchmarks/impact.sh [ROUNDS, default 7]
# As root, so that packets are captured too. Each round takes about half a minute.
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-7}
for product in apigee-collect apigee-lab; do swift build -c release --static-swift-stdlib --product "$product" >&2; done
exec python3 Benchmarks/impact.py "$(swift build -c release --static-swift-stdlib --show-bin-path)" "$rounds"
