#!/usr/bin/env bash
# Makes the release twice, here and from a fresh clone in another folder with a build folder of its own, and holds the two
# against each other. What is not committed is not in the clone, so nothing may be.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/lib.sh
[ -z "$(git status --porcelain)" ] || die "commit first: the clone would lack what is not committed"
commit=$(git rev-parse HEAD)
there=$(mktemp -d)
trap 'rm -rf "$there"' EXIT
rm -rf dist
scripts/release.sh "$there/one" >/dev/null
git clone --quiet . "$there/a folder of another name/curfew"
git -C "$there/a folder of another name/curfew" checkout --quiet "$commit"
env -u CARGO_TARGET_DIR "$there/a folder of another name/curfew/scripts/release.sh" "$there/two" >/dev/null
for file in "$there"/one/*; do cmp "$file" "$there/two/${file##*/}" || die "two builds of the same sources differ"; done
say "two builds, byte for byte the same: $(cut -c1-16 <"$there/one/SHA256SUMS")…"
