#!/usr/bin/env bash
# Simulated calls against the program: tests/oracle/run.sh [CALLSCOPE] [SEED] [CALLS]
# Builds nothing. The last line is "N passed, N failed", one for each variant of the capture.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
callscope=${1:-$here/../../target/release/callscope}
[[ -x $callscope ]] || { echo "no program at $callscope: cargo build --release" >&2; exit 2; }

captures=$(mktemp -d)
trap 'rm -rf "$captures"' EXIT
export PYTHONDONTWRITEBYTECODE=1

python3 "$here/simulate.py" --seed "${2:-1}" --calls "${3:-2000}" "$captures"
python3 "$here/oracle.py" --self-check "$captures" "$callscope" 2> "$captures/errors" || {
    status=$?
    tail -n 40 "$captures/errors" >&2
    exit "$status"
}
