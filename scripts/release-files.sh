#!/usr/bin/env bash
# Copies what a release contains into a folder: the bundle, the proxy configs, docs and licences.
# Usage: release-files.sh BUNDLE FOLDER
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$here/scripts/lib.sh"
bundle=$1 folder=$2

# A host keeps these next to index.html. Unpacking a release over the old one must not replace them.
for own in config.json languages; do
  # guard: release-keeps-own-files
  [ ! -e "$bundle/$own" ] || die "the bundle contains $own, which belongs to the host"
done
mkdir -p "$folder/examples" "$folder/docs"
cp -r "$bundle" "$folder/bundle"
cp -r "$here/proxy" "$folder/proxy"
cp -r "$here/deploy" "$folder/deploy"
cp -r "$here/examples/portal" "$folder/examples/portal"
cp "$here/examples/config.example.json" "$folder/"
cp "$here"/docs/*.md "$folder/docs/"
(cd "$here" && cp LICENSE-MIT LICENSE-APACHE CHANGELOG.md SECURITY.md "$folder/")
