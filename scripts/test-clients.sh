#!/usr/bin/env bash
# Runs other people's clients of BIG-IQ, unmodified, against the simulator on loopback: BIGREST, f5-sdk, and F5's modules in PyPI's
# `ansible`. What they really did is judged at the simulator's session table. They are installed from PyPI by version and hash into a
# temporary folder that is removed at the end. CURFEW_PYTHON names another Python, 3.11 to 3.13.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/lib.sh
scripts/setup.sh rust clients
use_toolchain
python=${CURFEW_PYTHON:-python3}
"$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
  || die "the clients need Python 3.11 to 3.13, and $python is $("$python" --version); name one with CURFEW_PYTHON"
cargo build --locked --quiet -p bigiq-simulator
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
say "installing the clients (2 minutes)"
"$python" -m venv "$folder"
pip=("$folder/bin/python" -m pip --disable-pip-version-check)
"${pip[@]}" install --quiet --require-hashes --only-binary :all: --requirement tests/clients/build-requirements.txt >&2
"${pip[@]}" install --quiet --require-hashes --no-build-isolation --requirement tests/clients/requirements.txt >&2
"$folder/bin/python" --version
"${pip[@]}" list | grep -iE '^(ansible|ansible-core|bigrest|f5-icontrol-rest|f5-sdk|requests) '
say "the clients against the simulator"
export CURFEW_SIMULATOR="${CARGO_TARGET_DIR:-$PWD/target}/debug/bigiq-simulator"
# A client that wants to reach another server finds a closed port.
export HTTPS_PROXY=http://127.0.0.1:9 HTTP_PROXY=http://127.0.0.1:9 NO_PROXY=127.0.0.1 PYTHONDONTWRITEBYTECODE=1
cd tests/clients
"$folder/bin/python" -W ignore::DeprecationWarning -m unittest --verbose "$@"
