#!/usr/bin/env bash
# Makes the container images: curfew (Debian's nginx, the bundle, the program that fills in the settings) and curfew-demo (the bundle and
# the simulator). Each is an archive for `docker load` or `podman load`. The same sources and the same Debian packages give the same
# bytes in any folder. Needs no container tool, and no root. Usage: image.sh OUT_DIR. ARCH=arm64 or amd64 is for another processor than
# this computer's.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/lib.sh
use_toolchain || die "no installed Rust toolchain: run make setup"
mkdir -p "$1"
out=$(cd "$1" && pwd)
version=$(curfew_version)
epoch=$(git log -1 --format=%ct)
created=$(date --utc --date="@$epoch" +%Y-%m-%dT%H:%M:%SZ)
commit=$(git rev-parse HEAD)
arch=$(image_arch)
case $arch in amd64) cpu=x86_64 ;; arm64) cpu=aarch64 ;; *) die "no image for $arch" ;; esac
target=$cpu-unknown-linux-gnu tools=
if [ "$cpu" != "$(uname -m)" ]; then
  tools=$cpu-linux-gnu-
  # For cargo, and for the C code of a crate.
  export "CARGO_TARGET_${cpu^^}_UNKNOWN_LINUX_GNU_LINKER=${tools}gcc" "CC_${cpu}_unknown_linux_gnu=${tools}gcc"
fi
programs=${CARGO_TARGET_DIR:-target}/$target/release
packages=$CURFEW_TOOLS/image/$arch
say "building the programs for the images (4 minutes the first time)"
cargo fetch --locked --quiet || die "cargo could not fetch the dependencies"
export RUSTFLAGS
RUSTFLAGS=$(remap_flags)
for package in curfew-container bigiq-simulator; do cargo build --locked --quiet --release --package "$package" --target "$target"; done
unset RUSTFLAGS

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
debian=$stage/debian libraries=$cpu-linux-gnu
mkdir "$debian"
for deb in "$packages"/*.deb; do dpkg-deb -x "$deb" "$debian"; done

# The folders of a Debian without anything in them.
empty_root() { # ROOT
  local root=$1 folder
  mkdir -p "$root"/{dev,etc/curfew,proc,run/curfew,sys,usr/bin,usr/lib/"$libraries",usr/lib64,usr/sbin,usr/share/curfew,usr/share/doc/curfew,var/lib/dpkg/status.d}
  for folder in bin lib lib64 sbin; do ln -s "usr/$folder" "$root/$folder"; done
  printf 'root:x:0:0:root:/:/usr/sbin/nologin\ncurfew:x:10001:10001:curfew:/:/usr/sbin/nologin\n' >"$root/etc/passwd"
  printf 'root:x:0:\ncurfew:x:10001:\n' >"$root/etc/group"
  cp LICENSE-MIT LICENSE-APACHE "$root/usr/share/doc/curfew/"
  cp -r dist "$root/usr/share/curfew/bundle"
}

# The path of a library from a package.
in_debian() { # PATH
  if [ -e "$debian/usr/$1" ]; then echo "$debian/usr/$1"; else [ -e "$debian/$1" ] && echo "$debian/$1"; fi
}

# Adds a program, and the libraries that it needs. Only these, so that little can be attacked or needs an update.
add() { # ROOT FILE PLACE
  install -D --mode=755 "$2" "$1/$3"
  add_libraries "$1" "$2"
}
add_libraries() { # ROOT FILE
  local root=$1 name found
  for name in $(readelf --dynamic "$2" | sed -n 's/.*(NEEDED).*\[\(.*\)\]$/\1/p'); do
    [ ! -e "$root/usr/lib/$libraries/$name" ] || continue
    found=$(in_debian "lib/$libraries/$name") || die "no package has $name, which ${2##*/} needs"
    install --mode=644 "$found" "$root/usr/lib/$libraries/$name"
    add_libraries "$root" "$found"
  done
}

# The loader is named by its whole path in each program.
add_loader() { # ROOT PROGRAM
  local loader
  loader=$(readelf --program-headers "$2" | sed -n 's/.*program interpreter: \(.*\)\]$/\1/p')
  install -D --mode=755 "$(in_debian "lib/$libraries/${loader##*/}")" "$1$loader" || die "no package has $loader"
}

# The licences of the packages, and their names and versions where scanners for known vulnerabilities look.
add_packages() { # ROOT PACKAGE...
  local root=$1 package deb
  shift
  for package in "$@"; do
    deb=$(echo "$packages/${package}"_*.deb)
    dpkg-deb --field "$deb" >"$root/var/lib/dpkg/status.d/$package"
    install -D --mode=644 "$debian/usr/share/doc/$package/copyright" "$root/usr/share/doc/$package/copyright" \
      || die "no package has the licence of $package"
  done
}

pack() { # ROOT NAME CONFIG
  local root=$1 name=$2
  no_builder_folders "$root"
  chmod -R u=rwX,go=rX "$root"
  chmod 1777 "$root/run/curfew"
  tar_of "$epoch" "$root" . >"$stage/$name.layer"
  printf '%s' "$3" >"$stage/$name.json"
  node scripts/oci.mjs "$stage/$name" "$stage/$name.layer" "$name:$version" "$created" "$arch" "$stage/$name.json"
  tar_of "$epoch" "$stage/$name" blobs index.json manifest.json oci-layout >"$out/$name-image-$version-linux-$cpu.tar"
}

# What an image says about its process. SIGQUIT lets running calls end.
config() { # PROGRAM PORT STOP_SIGNAL TITLE [ARGUMENTS]
  printf '{"User":"10001:10001","ExposedPorts":{"%s/tcp":{}},"Env":["PATH=/usr/sbin:/usr/bin"],"Entrypoint":["%s"],"Cmd":[%s],"WorkingDir":"/","StopSignal":"%s","Labels":{%s}}' \
    "$2" "$1" "${5:-}" "$3" "\"org.opencontainers.image.title\":\"$4\",\"org.opencontainers.image.version\":\"$version\",\"org.opencontainers.image.revision\":\"$commit\",\"org.opencontainers.image.licenses\":\"MIT OR Apache-2.0\""
}

root=$stage/root
empty_root "$root"
"${tools}strip" --strip-all -o "$stage/curfew-start" "$programs/curfew-start"
add "$root" "$stage/curfew-start" usr/bin/curfew-start
add "$root" "$debian/usr/sbin/nginx" usr/sbin/nginx
add "$root" "$debian/usr/lib/nginx/modules/ngx_http_brotli_static_module.so" usr/lib/nginx/modules/ngx_http_brotli_static_module.so
add_loader "$root" "$debian/usr/sbin/nginx"
add_packages "$root" nginx libnginx-mod-http-brotli-static libc6 libcrypt1 libgcc-s1 libpcre2-8-0 libssl3 zlib1g
node scripts/licences.mjs texts "$root/usr/share/doc/curfew/LICENSES-OF-PARTS.txt" bundle container >&2
pack "$root" curfew "$(config /usr/bin/curfew-start 8443 SIGQUIT Curfew)"

root=$stage/demo
empty_root "$root"
"${tools}strip" --strip-all -o "$stage/bigiq-simulator" "$programs/bigiq-simulator"
add "$root" "$stage/bigiq-simulator" usr/bin/bigiq-simulator
add_loader "$root" "$stage/bigiq-simulator"
add_packages "$root" libc6 libgcc-s1
node scripts/licences.mjs texts "$root/usr/share/doc/curfew/LICENSES-OF-PARTS.txt" bundle simulator >&2
# The simulator has nothing to save, and as the first process it would ignore a signal that it doesn't handle.
pack "$root" curfew-demo "$(config /usr/bin/bigiq-simulator 8080 SIGKILL "Curfew with a simulated BIG-IQ" '"--site","/usr/share/curfew/bundle","--listen","0.0.0.0:8080"')"
