#!/usr/bin/env bash
# All laws on many cases that nobody has seen, and the tests of more than ten seconds: tests/long/run.sh [CASES] [NAME]...
# NAME is a part of a test's name; without one all are run. What fails is found again with the number that is printed first
# (PROPTEST_RNG_SEED=NUMBER tests/long/run.sh …), and belongs among the fixtures once it is mended.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

export PROPTEST_CASES=${1:-20000}
export PROPTEST_RNG_SEED=${PROPTEST_RNG_SEED:-$(date +%s)}
shift || true
echo "PROPTEST_RNG_SEED=$PROPTEST_RNG_SEED"
# As fast as the program, and with the checks of the tests.
export CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_DEBUG_ASSERTIONS=true
cargo test --locked --release --target-dir target/long --test long --test properties --test redact -- "$@"
