#!/usr/bin/env bash
# Packs a folder so that the same files give the same bytes: sorted, without owners, one timestamp for all files, and no time of
# packing. Adds a SHA256SUMS of all files to the folder. Usage: pack.sh FOLDER EPOCH_SECONDS FILE.tar.gz
set -euo pipefail
export LC_ALL=C
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
folder=$1 epoch=$2 file=$3
(cd "$folder" && rm -f SHA256SUMS && find . -type f -print0 | sort -z | xargs -0 sha256sum >../SHA256SUMS.new && mv ../SHA256SUMS.new SHA256SUMS)
tar_of "$epoch" "$(dirname "$folder")" --mode='u=rwX,go=rX' "$(basename "$folder")" | gzip --no-name --best >"$file"
