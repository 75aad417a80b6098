#!/usr/bin/env bash
# 200 collections in a row (or as many as are named) in one lab: files, processes, descriptors, time and memory must not
# grow, and nothing may be left. Needs some minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/install-dependencies
swift build -c release --static-swift-stdlib --product apigee-collect >&2
swift build -c release --static-swift-stdlib --product apigee-lab >&2
bin=$(swift build -c release --static-swift-stdlib --show-bin-path)
exec python3 Benchmarks/soak.py "${PROGRAM:-$bin/apigee-collect}" "${LAB:-$bin/apigee-lab}" --runs "${1:-200}"
