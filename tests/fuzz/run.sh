#!/usr/bin/env bash
# The fuzz targets, each for so many seconds: tests/fuzz/run.sh [SECONDS] [TARGET]...
# Needs cargo-fuzz (`cargo install cargo-fuzz`). Begins with the samples and fixtures of the tests; what it finds stays in
# tests/fuzz/artifacts, and belongs among the fixtures once it is mended.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
seconds=${1:-600}
shift || true
targets=("$@")
[[ ${#targets[@]} -gt 0 ]] || targets=(read reread split calls carrier decode redact)
seeds=$(mktemp -d)
trap 'rm -rf "$seeds"' EXIT
find "$here/../../samples" "$here/../rules" "$here/../carriers" -type f -size -64k -print0 |
    while IFS= read -r -d '' file; do
        cp "$file" "$seeds/$(sha1sum "$file" | cut -c1-20)"
    done
# The sanitizer needs what the stable compiler has, but does not offer.
export RUSTC_BOOTSTRAP=1
cd "$here"
for target in "${targets[@]}"; do
    mkdir -p "corpus/$target"
    # Threads that have done their work may not have let go of all that was theirs when leaks are looked for.
    cargo fuzz run --fuzz-dir . "$target" "corpus/$target" "$seeds" -- \
        -detect_leaks=0 -max_total_time="$seconds" -max_len=16384 -rss_limit_mb=4096 -timeout=20
done
