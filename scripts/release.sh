#!/usr/bin/env bash
# Makes the release: curfew-VERSION.tar.gz with the bundle, the proxy configs, docs, licences and bill of materials, and its
# SHA256SUMS. The same sources give the same bytes in any folder. Usage: release.sh [OUT_DIR]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/lib.sh
# A release is made only with tools that have the checksums in this repository.
scripts/setup.sh build
use_toolchain || die "no installed Rust toolchain can build for $WASM_TARGET: run make setup"
rustc --version | grep -q "^rustc $(pinned_rust) " || say "WARNING: built with $(rustc --version), not with Rust $(pinned_rust): other bytes than those of a release"

version=$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"$/\1/p' Cargo.toml)
# The time of the last commit, not of the build.
epoch=$(git log -1 --format=%ct)
commit=$(git rev-parse HEAD)
[ -z "$(git status --porcelain)" ] || commit+=-changed
out=${1:-target/release-$version}
scripts/build.sh

# A folder name of the builder in the bundle would reveal something about the builder and change the bytes elsewhere.
for word in "$PWD" "$HOME" "${CARGO_HOME:-$HOME/.cargo}" "${CARGO_TARGET_DIR:-$PWD/target}"; do
  if grep -rlaF -- "$word/" dist; then die "the files above contain the folder $word"; fi
done

mkdir -p "$out"
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
name=curfew-$version
mkdir "$stage/$name"
cp -r dist "$stage/$name/bundle"
cp -r proxy "$stage/$name/proxy"
mkdir "$stage/$name/examples" "$stage/$name/docs"
cp -r examples/portal "$stage/$name/examples/portal"
cp docs/hosting.md docs/embedding.md docs/security.md docs/threat-model.md docs/supply-chain.md "$stage/$name/docs/"
cp LICENSE-MIT LICENSE-APACHE "$stage/$name/"
node scripts/licences.mjs check >&2
node scripts/licences.mjs texts "$stage/$name/LICENSES-OF-PARTS.txt" >&2
node scripts/sbom.mjs "$stage/$name/sbom.cdx.json" "$version" "$epoch" "$commit" >&2
scripts/pack.sh "$stage/$name" "$epoch" "$out/$name.tar.gz"
(cd "$out" && sha256sum "$name.tar.gz" >SHA256SUMS && cat SHA256SUMS)
