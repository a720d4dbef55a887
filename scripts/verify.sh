#!/usr/bin/env bash
# Checks a downloaded release: that one of the SIGNERS signed SHA256SUMS, and that each file in the folder has its checksum there.
# SIGNERS must come from the repository or from the owner, not from the download. Usage: verify.sh OUT_DIR [SIGNERS]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/lib.sh
signers=$(realpath "${2:-release-signers}")
cd "${1:?Usage: verify.sh OUT_DIR [SIGNERS]}"
[ -f SHA256SUMS.sig ] || die "there is no SHA256SUMS.sig: this release is not signed"
signer=$(ssh-keygen -Y find-principals -f "$signers" -s SHA256SUMS.sig 2>/dev/null | head -n 1) || true
[ -n "$signer" ] || die "nobody in $signers has made this signature"
# guard: verify-signature
ssh-keygen -Y verify -f "$signers" -I "$signer" -n "$SIGNATURE_NAMESPACE" -s SHA256SUMS.sig <SHA256SUMS >/dev/null || die "the signature does not fit SHA256SUMS"
# guard: verify-files
sha256sum --check --strict --ignore-missing --quiet SHA256SUMS || die "a file is not the one that was signed"
for file in *; do
  case $file in SHA256SUMS | SHA256SUMS.sig) continue ;; esac
  # guard: verify-listed
  cut -c 67- SHA256SUMS | grep -qxF -- "$file" || die "$file is not in SHA256SUMS"
done
say "signed by $signer, and all files match"
