#!/usr/bin/env bash
# Makes the release: curfew-VERSION.tar.gz with the bundle, the proxy configs, docs, licences and bill of materials; the demo, with the
# simulator, for the platform of this computer; bill of materials, provenance and notes; and SHA256SUMS. The same sources give the same
# bytes in any folder. Usage: release.sh [OUT_DIR]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/lib.sh
# A release is made only with tools that have the checksums in this repository.
scripts/setup.sh build image packages
use_toolchain || die "no installed Rust toolchain can build for $WASM_TARGET: run make setup"
rustc --version | grep -q "^rustc $(pinned_rust) " || say "WARNING: built with $(rustc --version), not with Rust $(pinned_rust): other bytes than those of a release"

version=$(curfew_version)
# The time of the last commit, not of the build.
epoch=$(git log -1 --format=%ct)
commit=$(git rev-parse HEAD)
[ -z "$(git status --porcelain)" ] || commit+=-changed
out=${1:-target/release-$version}
if [ $# = 0 ]; then rm -rf "$out"; fi
mkdir -p "$out"
[ -z "$(ls -A "$out")" ] || die "$out must be empty: SHA256SUMS lists all files in it"
scripts/build.sh

no_builder_folders dist
node scripts/notes.mjs "$version" dist/index.html "$out/RELEASE-NOTES.md"
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
name=curfew-$version
scripts/release-files.sh dist "$stage/$name"
node scripts/licences.mjs check >&2
node scripts/licences.mjs texts "$stage/$name/LICENSES-OF-PARTS.txt" >&2
node scripts/sbom.mjs "$stage/$name/sbom.cdx.json" "$version" "$epoch" "$commit" >&2
scripts/pack.sh "$stage/$name" "$epoch" "$out/$name.tar.gz"
scripts/pack-demo.sh "$out" "$version" "$epoch" "$commit"
scripts/image.sh "$out"
scripts/packages.sh "$out"
cp "$stage/$name/sbom.cdx.json" "$out/$name.cdx.json"
# Everything that is released is in $out now.
node scripts/provenance.mjs "$out" "$name.provenance.json" "$version" "$commit" >&2
(cd "$out" && files=$(LC_ALL=C ls) && xargs -d '\n' sha256sum -- <<<"$files" >SHA256SUMS && cat SHA256SUMS)
if git grep -q 'OWNER: ' -- release-signers SECURITY.md; then say "NOTE: the places of the owner are not filled in; see docs/releasing.md"; fi
say "next: make sign KEY=..., see docs/releasing.md"
