#!/usr/bin/env bash
# Simulated calls against the program: tests/oracle/run.sh [CALLSCOPE] [SEED] [CALLS] [calls|findings]
# Builds nothing. `calls` holds what `callscope calls` prints against the oracle, `findings` what `callscope check`
# finds where webhooks are lost and where none is; without a word both are run, the one with CALLS calls, the other
# with 1,000, where nothing is cut off. The last line is "N passed, N failed", one for each variant of each capture.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
callscope=${1:-$here/../../target/release/callscope}
seed=${2:-1} calls=${3:-2000} what=${4:-both}
[[ -x $callscope ]] || { echo "no program at $callscope: cargo build --release" >&2; exit 2; }

captures=$(mktemp -d)
trap 'rm -rf "$captures"' EXIT
export PYTHONDONTWRITEBYTECODE=1
passed=0 failed=0

# hold TITLE SCRIPT: the script's verdict on the capture that was made last; shows what it says, less its last line.
hold() {
    local status=0 told
    told=$(python3 "$here/$2" --self-check "$captures/now" "$callscope" 2> "$captures/errors") || status=$?
    if ! [[ ${told##*$'\n'} =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
        echo "$told"
        tail -n 40 "$captures/errors" >&2
        exit "$status"
    fi
    passed=$((passed + BASH_REMATCH[1])) failed=$((failed + BASH_REMATCH[2]))
    echo "$1"
    sed '$d; s/^/  /' <<< "$told"
    [[ $status == 0 ]] || tail -n 40 "$captures/errors" >&2
    rm -rf "$captures/now"
}

# findings_of TITLE COUNT [OPTION]...: a capture of losses.py.
findings_of() {
    python3 "$here/losses.py" --seed "$seed" --calls "$2" "${@:3}" "$captures/now"
    hold "$1" findings.py
}

if [[ $what != findings ]]; then
    python3 "$here/simulate.py" --seed "$seed" --calls "$calls" "$captures/now"
    hold "calls" oracle.py
fi
if [[ $what != calls ]]; then
    findings_of "nothing lost" 1000
    findings_of "nothing lost, cut at both ends" 500 --cut
    findings_of "3 % lost" 1000 --lose 0.03
    findings_of "3 % lost, cut at both ends" 500 --lose 0.03 --cut
    findings_of "every second lost, calls without an end, cut at both ends" 400 --lose 0.5 --cut --wild
fi
echo "$passed passed, $failed failed"
[[ $failed == 0 ]]
