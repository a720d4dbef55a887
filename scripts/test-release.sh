#!/usr/bin/env bash
# Makes the release twice, here and from a fresh clone in another folder with its own build folder, and compares the two. The
# clone contains only committed files, so the working tree must be clean.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/lib.sh
[ -z "$(git status --porcelain)" ] || die "commit first: the clone contains only committed files"
commit=$(git rev-parse HEAD)
there=$(mktemp -d)
trap 'rm -rf "$there"' EXIT
rm -rf dist
scripts/release.sh "$there/one" >/dev/null
git clone --quiet . "$there/a folder of another name/curfew"
git -C "$there/a folder of another name/curfew" checkout --quiet "$commit"
env -u CARGO_TARGET_DIR "$there/a folder of another name/curfew/scripts/release.sh" "$there/two" >/dev/null
CURFEW_DEMO=$(echo "$there"/one/curfew-demo-*.tar.gz)
export CURFEW_DEMO
scripts/setup.sh e2e
node --test tests/release/
same_files "$there/one" "$there/two"
say "two builds are identical, byte for byte: $(cut -c1-16 <"$there/one/SHA256SUMS")…"
