#!/usr/bin/env bash
# Makes a .deb and an .rpm from packaging/files.txt. They install files, and start, enable and change nothing else. The same sources give the
# same bytes in any folder. Usage: packages.sh OUT_DIR
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/lib.sh
mkdir -p "$1"
out=$(cd "$1" && pwd)
# The tests make a newer version of the same files.
version=${CURFEW_PACKAGE_VERSION:-$(curfew_version)}
epoch=$(git log -1 --format=%ct)
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
root=$stage/root
mkdir "$root"
: >"$stage/conffiles"

# Replaces a text of a configuration, which must have it.
set_line() { # FILE FROM TO
  grep -qF -- "$2" "$1" || die "$1 has no \"$2\""
  sed -i "s|$2|$3|" "$1"
}

while read -r kind source place; do
  case "$kind" in
    '' | '#') continue ;;
    dir) mkdir -p "$root$place" ;;
    link) mkdir -p "$(dirname "$root$place")" && ln -s "$source" "$root$place" ;;
    tree) mkdir -p "$root$place" && cp -r "$source/." "$root$place" ;;
    docs) mkdir -p "$root$place" && cp "$source"/*.md "$root$place" ;;
    file | conf) install -D --mode=644 "$source" "$root$place" ;;
    *) die "packaging/files.txt: unknown kind $kind" ;;
  esac
  if [ "$kind" = conf ]; then printf '%s\n' "$place" >>"$stage/conffiles"; fi
done <packaging/files.txt
set_line "$root/etc/curfew/nginx/curfew.conf" "alias /srv/curfew/;  " "alias /usr/share/curfew/bundle/;"
set_line "$root/etc/curfew/caddy/Caddyfile" "/srv/curfew # SET" "/usr/share/curfew/bundle # SET"
set_line "$root/etc/curfew/httpd/curfew.conf" "Define CURFEW_SITE /srv/curfew" "Define CURFEW_SITE /usr/share/curfew/bundle"
# config.json and the languages are links into /etc/curfew.
set_line "$root/etc/curfew/httpd/curfew.conf" "        Options None" "        Options SymLinksIfOwnerMatch"
node scripts/licences.mjs texts "$root/usr/share/doc/curfew/LICENSES-OF-PARTS.txt" >&2
no_builder_folders "$root"
chmod -R u=rwX,go=rX "$root"

summary="Web console that ends active APM access sessions through BIG-IQ"
about="Static files for a reverse proxy, and configurations of nginx, Caddy, HAProxy and Apache httpd in /etc/curfew. Nothing is started or enabled: see /usr/share/doc/curfew/install.md."
maintainer="The Curfew maintainers"
export SOURCE_DATE_EPOCH=$epoch

mkdir "$stage/deb"
cp -a "$root/." "$stage/deb"
mkdir "$stage/deb/DEBIAN"
cp "$stage/conffiles" "$stage/deb/DEBIAN/conffiles"
cat >"$stage/deb/DEBIAN/control" <<END
Package: curfew
Version: $version
Architecture: all
Maintainer: $maintainer
Section: web
Priority: optional
Installed-Size: $(du -sk --apparent-size "$root" | cut -f1)
Suggests: nginx, libnginx-mod-http-brotli-static
Description: $summary
 $about
END
printf 'Files: *\nCopyright: The Curfew maintainers\nLicense: MIT or Apache-2.0\n The texts are in LICENSE-MIT and LICENSE-APACHE, those of the parts in LICENSES-OF-PARTS.txt.\n' \
  >"$stage/deb/usr/share/doc/curfew/copyright"
find "$stage/deb" -exec touch --no-dereference --date="@$epoch" {} +
dpkg-deb --root-owner-group -Zxz --threads-max=1 --build "$stage/deb" "$out/curfew_${version}_all.deb" >&2

cat >"$stage/curfew.spec" <<END
Name: curfew
Version: $version
Release: 1
Summary: $summary
License: MIT OR Apache-2.0
BuildArch: noarch
AutoReqProv: no
%description
$about
%install
cp -a "$root/." %{buildroot}
%files
$(sed 's/^/%config(noreplace) /' "$stage/conffiles")
$(cd "$root" && find etc/curfew -type d | LC_ALL=C sort | sed 's|^|%dir /|')
%doc /usr/share/doc/curfew
/usr/share/curfew
END
rpmbuild -bb --quiet --define "_topdir $stage/rpm" --define "_rpmdir $out" --define "_rpmfilename curfew-$version.noarch.rpm" \
  --define "_buildhost reproducible" --define "use_source_date_epoch_as_buildtime 1" --define "clamp_mtime_to_source_date_epoch 1" \
  --define "_binary_payload w9.xzdio" --define "__os_install_post %{nil}" --define "_dbpath $stage/rpmdb" "$stage/curfew.spec" >&2
