#!/usr/bin/env bash
# Runs a command with the tools and the toolchain that compile to WebAssembly, as tools/setup.sh found or installed them:
#
#   tools/wasm.sh trunk build --release
#   tools/wasm.sh cargo clippy --target wasm32-unknown-unknown ...
set -euo pipefail
tools=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/.tools
[ -f "$tools/env" ] || { echo "tools/setup.sh build has not been run yet: run it first." >&2 && exit 1; }

PATH=$PATH:${CARGO_HOME:-$HOME/.cargo}/bin
# shellcheck source=/dev/null
. "$tools/env"
export PATH="$tools/bin:$PATH"
# Trunk takes NO_COLOR=1, which everyone else understands, for a mistake.
if [ -n "${NO_COLOR-}" ]; then export NO_COLOR=true; fi
exec "$@"
