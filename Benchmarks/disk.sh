#!/usr/bin/env bash
# Runs the program on disks that are full at many points (50, or as many as are named); needs root for tmpfs.
set -euo pipefail
cd "$(dirname "$0")/.."
export SWIFT_BACKTRACE=enable=no LC_ALL=C.UTF-8
swift build --build-tests >&2
APIGEE_DISK_POINTS=${1:-50} swift test --skip-build --filter 'CollectTests.EndToEnd/SmallDisks'
