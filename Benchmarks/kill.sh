#!/usr/bin/env bash
# Kills a run at many moments (200, or as many as are named) and finishes each with `resume`; needs some minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
export SWIFT_BACKTRACE=enable=no LC_ALL=C.UTF-8
swift build --build-tests >&2
APIGEE_KILL_MOMENTS=${1:-200} swift test --skip-build --filter 'CollectTests.EndToEnd/KilledRuns'
