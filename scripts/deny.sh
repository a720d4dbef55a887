#!/usr/bin/env bash
# Checks the dependencies with cargo-deny: licences, bans and sources (deny.toml), and known vulnerabilities of the app and of the tools
# that write the bundle. The database of vulnerabilities is a public git repository (RustSec). Where git can't reach it, only the rest is
# checked, and a message says so. To use a copy: git config --global url.<copy>.insteadOf https://github.com/rustsec/advisory-db
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/lib.sh
scripts/setup.sh deny
use_toolchain
say "licences, bans and sources"
cargo deny --locked --log-level error check licenses bans sources >&2
if ! timeout 300 cargo deny fetch db >/dev/null 2>&1; then
  say "NOT CHECKED: known vulnerabilities, because git can't fetch their database"
  exit 0
fi
say "known vulnerabilities"
cargo deny --locked --log-level error check advisories >&2
unpacked=$(mktemp -d)
trap 'rm -rf "$unpacked"' EXIT
check_tool() { # NAME VERSION SHA256 [features]
  local source
  source=$(locked_crate "$1" "$2" "$3" "$unpacked")
  say "known vulnerabilities of $1"
  cargo deny --locked --log-level error --exclude-dev --manifest-path "$source/Cargo.toml" --config scripts/tools/deny.toml "${@:4}" check advisories >&2
}
check_tool trunk "$TRUNK_VERSION" "$TRUNK_SHA256" --no-default-features --features rustls
check_tool wasm-bindgen-cli "$BINDGEN_VERSION" "$BINDGEN_SHA256" --no-default-features
check_tool wasm_split_cli_support "$SPLIT_VERSION" "$SPLIT_SHA256" --features build-binary
