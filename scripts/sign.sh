#!/usr/bin/env bash
# Signs the SHA256SUMS of a release with an SSH key, after a check that the files match it. The key stays where it is: on disk, in an
# agent (KEY is then the public key), or on a security token. Writes SHA256SUMS.sig. Usage: sign.sh KEY [OUT_DIR]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/lib.sh
key=${1:-}
out=${2:-target/release-$(curfew_version)}
[ -n "$key" ] || die "which key? Usage: make sign KEY=~/.ssh/curfew_release"
[ -f "$out/SHA256SUMS" ] || die "$out has no SHA256SUMS: run make release first"
# guard: sign-checks-files
(cd "$out" && sha256sum --check --strict --quiet SHA256SUMS) || die "the files in $out are not those that SHA256SUMS lists"
rm -f "$out/SHA256SUMS.sig"
ssh-keygen -Y sign -n "$SIGNATURE_NAMESPACE" -f "$key" "$out/SHA256SUMS"
say "signed: $out/SHA256SUMS.sig"
