#!/usr/bin/env bash
# Simulated calls against the program: tests/oracle/run.sh [CALLSCOPE] [SEED] [CALLS] [calls|findings|stats]
# Builds nothing. `calls` holds what `callscope calls` prints against the oracle, `findings` what `callscope check`
# finds where webhooks are lost and where none is, `stats` what `callscope stats` says against SQL over what the other
# commands print (this needs Python's duckdb). Without a word all are run: the first with CALLS calls, the others with
# 1,000, where nothing is cut off, and with 20,000. The last line is "N passed, N failed", one for each comparison.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
callscope=${1:-$here/../../target/release/callscope}
seed=${2:-1} calls=${3:-2000} what=${4:-all}
[[ -x $callscope ]] || { echo "no program at $callscope: cargo build --release" >&2; exit 2; }

captures=$(mktemp -d)
trap 'rm -rf "$captures"' EXIT
export PYTHONDONTWRITEBYTECODE=1
passed=0 failed=0

# hold TITLE SCRIPT [OPTION]...: the script's verdict on the capture that was made last; shows what it says, less its
# last line.
hold() {
    local status=0 told
    told=$(python3 "$here/$2" "${@:3}" "$captures/now" "$callscope" 2> "$captures/errors") || status=$?
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
    hold "$1" findings.py --self-check
}

if [[ $what == calls || $what == all ]]; then
    python3 "$here/simulate.py" --seed "$seed" --calls "$calls" "$captures/now"
    hold "calls" oracle.py --self-check
fi
if [[ $what == findings || $what == all ]]; then
    findings_of "nothing lost" 1000
    findings_of "nothing lost, cut at both ends" 500 --cut
    findings_of "3 % lost" 1000 --lose 0.03
    findings_of "3 % lost, cut at both ends" 500 --lose 0.03 --cut
    findings_of "every second lost, calls without an end, cut at both ends" 400 --lose 0.5 --cut --wild
fi
if [[ $what == stats || $what == all ]]; then
    # Over midnight, with all that makes deliveries differ from events.
    "$callscope" generate --quiet --seed "$seed" --calls 20000 --start 2026-01-05T18:00:00Z --carrier receiver \
        --faults duplicate=4%,copy=2%,drop=2%,shuffle=30s,strip-entities -o "$captures/now"
    hold "20,000 calls in figures" stats.py
fi
echo "$passed passed, $failed failed"
[[ $failed == 0 ]]
