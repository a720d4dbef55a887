#!/usr/bin/env bash
# Runs tests/deploy: the compose file, the Helm chart and the Kubernetes manifests against the schemas of check-jsonschema and
# kubernetes-validate, from PyPI by version and hash. Helm itself is not run: the test renders the chart with the part of the template
# language that it uses. CURFEW_PYTHON names another Python, 3.11 to 3.13.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/lib.sh
scripts/setup.sh clients
python=${CURFEW_PYTHON:-python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
say "installing the validators (20 seconds)"
"$python" -m venv "$folder"
"$folder/bin/python" -m pip --disable-pip-version-check install --quiet --require-hashes --only-binary :all: --requirement tests/deploy/requirements.txt >&2
cd tests/deploy
PYTHONDONTWRITEBYTECODE=1 "$folder/bin/python" -m unittest "$@"
