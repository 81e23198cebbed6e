#!/usr/bin/env bash
# Sets up what building or testing needs: installs what is missing, skips what is there.
#
#   tools/setup.sh build    the wasm32 target, trunk, wasm-bindgen
#   tools/setup.sh lints    clippy and rustfmt
#   tools/setup.sh test     all of it, and Chromium and chromedriver, axe-core, Python with NumPy and safetensors, PyTorch
#
# What it makes lies in .tools/ (git-ignored): trunk and wasm-bindgen in .tools/bin, and in .tools/env one line of shell
# that chooses the toolchain that compiles to WebAssembly. tools/wasm.sh runs a command with both. Native commands
# use the default toolchain. The tests' Python packages are in .tools/python and .tools/torch, away from the system's.
set -euo pipefail

TRUNK_VERSION=0.21.14
AXE_VERSION=4.14.1
AXE_SHA256=e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745
TARGET=wasm32-unknown-unknown

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
tools=$root/.tools
cargo_bin=${CARGO_HOME:-$HOME/.cargo}/bin
scratch=

main() {
    case "${1-}" in
        build | lints | test) ;;
        *) die "Say what to set up: tools/setup.sh build, tools/setup.sh lints, or tools/setup.sh test." ;;
    esac
    cd "$root"
    mkdir -p "$tools/bin"
    trap 'rm -rf "$scratch"' EXIT
    scratch=$(mktemp -d)
    PATH=$PATH:$cargo_bin # for a shell that was open before Rust was installed

    set_up_rust
    set_up_wasm_target
    if [ "$1" = lints ]; then
        set_up_lints
        return
    fi
    set_up_tool trunk trunk "$TRUNK_VERSION" 0 "2 to 7 minutes" --locked --no-default-features
    set_up_wasm_bindgen
    rm -rf "$tools/target"
    if [ "$1" = test ]; then
        set_up_lints
        set_up_browser
        set_up_axe
        set_up_python
        set_up_torch
    fi
}

# --- Telling and asking ----------------------------------------------------------------------------------------------

step() { printf '%s  set-up: %s\n' "$(date +%H:%M:%S)" "$*"; }

# One sentence: what is missing, and how to get it.
die() {
    printf '\nset-up stopped: %s\n' "$*" >&2
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# at_least 1.95 1.96.0: is the second version the first or a later one?
at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

# The second word of "rustc 1.96.0 (...)", "trunk 0.21.14" and the like; nothing where the command does not run
version_of() { { "$@" --version 2>/dev/null || true; } | awk 'NR == 1 { print $2 }'; }

# --- Debian's packages -----------------------------------------------------------------------------------------------

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

can_be_root() { [ "$(id -u)" = 0 ] || { have sudo && { [ -t 0 ] || sudo -n true 2>/dev/null; }; }; }

apt_updated=no

apt_update() {
    if [ $apt_updated = yes ]; then return; fi
    as_root apt-get update -qq || die "apt-get update failed (its message is above); it is needed to install what is missing."
    apt_updated=yes
}

# Whether Debian's package of this name can be had.
apt_has() { have apt-get && can_be_root && apt_update && [ -n "$(apt-cache search --names-only "^$1\$")" ]; }

# apt_install "the sentence for when that is impossible" PACKAGE...
apt_install() {
    local sentence=$1
    shift
    if ! have apt-get || ! can_be_root; then die "$sentence"; fi
    apt_update
    if ! as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        -o DPkg::Lock::Timeout=300 "$@" >"$tools/apt.log" 2>&1; then
        tail -n 5 "$tools/apt.log" >&2
        die "$sentence"
    fi
}

# --- Rust, and its wasm32 target -------------------------------------------------------------------------------------

rust_needed() { sed -n 's/^rust-version *= *"\(.*\)"/\1/p' Cargo.toml; }

set_up_rust() {
    if ! have cargo || ! have rustc; then
        die "Rust is missing: install it from https://rustup.rs, then run the same command again."
    fi
    local needed version
    needed=$(rust_needed)
    version=$(version_of rustc)
    at_least "$needed" "${version:-0}" ||
        die "Rust $needed or newer is needed and ${version:-no default toolchain} is here: run 'rustup update stable' and 'rustup default stable' (rustup itself is at https://rustup.rs)."
    have cc ||
        die "A C compiler, which Rust links with, is missing: install gcc and libc6-dev (Debian, Ubuntu) or run xcode-select --install (macOS)."
}

# The toolchain is chosen by trying. A choice is the line of shell that makes it, kept in .tools/env.
set_up_wasm_target() {
    local default='' debian='export RUSTUP_TOOLCHAIN=debian-web'
    # shellcheck disable=SC2016 # to be expanded where the line is run
    have rustup || debian='export PATH="/usr/bin:$PATH"'

    if [ -f "$tools/env" ] && compiles_to_wasm "$(cat "$tools/env")"; then return; fi
    step "looking for a toolchain that compiles to WebAssembly (seconds)"
    if compiles_to_wasm "$default"; then
        echo "$default" >"$tools/env"
    elif compiles_to_wasm "$debian"; then
        echo "$debian" >"$tools/env"
    elif add_target_with_rustup && compiles_to_wasm "$default"; then
        echo "$default" >"$tools/env"
    else
        add_target_from_debian
        compiles_to_wasm "$debian" ||
            die "Debian's Rust was set up for $TARGET and still does not compile for it: 'rustup target add $TARGET' on a machine that can download is the way left."
        echo "$debian" >"$tools/env"
    fi
}

# Does a program that uses std compile and link, with link-time optimisation as the release has it?
compiles_to_wasm() (
    eval "$1"
    at_least "$(rust_needed)" "$(version_of rustc)" || exit 1
    cat >"$scratch/probe.rs" <<'RUST'
fn main() {
    let lengths: std::collections::HashMap<_, _> = std::env::args().map(|arg| (arg.len(), arg)).collect();
    println!("{lengths:?}");
}
RUST
    rustc --target "$TARGET" -C panic=abort -C lto=fat "$scratch/probe.rs" -o "$scratch/probe.wasm" 2>/dev/null
)

add_target_with_rustup() {
    have rustup || return 1
    step "asking rustup for $TARGET (under a minute)"
    rustup target add "$TARGET" >"$tools/rustup.log" 2>&1 || {
        step "rustup cannot get it here; going on with Debian's Rust"
        return 1
    }
}

# Debian has no std for this target, but the compiler, std's source and lld: build it once, and put it where rustc looks.
add_target_from_debian() {
    local without="The WebAssembly target of Rust is missing: run 'rustup target add $TARGET' where rustup can download, or, as root on Debian, install cargo-web, rustc-web, rust-web-src and the lld of their LLVM version, and run this again."

    step "installing Debian's Rust, std's source and lld (1 to 2 minutes)"
    apt_install "$without" cargo-web rustc-web rust-web-src
    local host llvm rustlib=/usr/lib/rustlib
    host=$(/usr/bin/rustc -vV | sed -n 's/^host: //p')
    llvm=$(/usr/bin/rustc -vV | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p')
    apt_install "$without" "lld-$llvm"

    step "building std for $TARGET (1 to 2 minutes)"
    mkdir -p "$scratch/std/src"
    touch "$scratch/std/src/lib.rs"
    printf '[package]\nname = "throwaway"\nedition = "2021"\n' >"$scratch/std/Cargo.toml"
    # RUSTC_BOOTSTRAP lets a stable compiler build std; without the bitcode, link-time optimisation fails later.
    (cd "$scratch/std" && env -u RUSTUP_TOOLCHAIN RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 \
        RUSTFLAGS='-C embed-bitcode=yes' CARGO_TARGET_DIR=target \
        /usr/bin/cargo build -q -Zbuild-std=std,panic_abort --target "$TARGET" --release) ||
        die "std could not be built for $TARGET (the compiler's message is above): with rustup and a network, 'rustup target add $TARGET' does without building it."
    rm -f "$scratch/std/target/$TARGET/release/deps/libthrowaway"*
    as_root rm -rf "$rustlib/$TARGET/lib"
    as_root mkdir -p "$rustlib/$TARGET/lib" "$rustlib/$host/bin"
    as_root cp "$scratch/std/target/$TARGET/release/deps/"lib*.rlib "$rustlib/$TARGET/lib/"
    as_root ln -sf "/usr/bin/lld-$llvm" "$rustlib/$host/bin/rust-lld"
    if have rustup; then rustup toolchain link debian-web /usr; fi
}

# --- The tools that bundle -------------------------------------------------------------------------------------------

# set_up_tool COMMAND CRATE VERSION OPTIMISATION "HOW LONG" [OPTION of cargo install]...
set_up_tool() {
    local command=$1 crate=$2 version=$3 optimisation=$4 how_long=$5 path
    shift 5
    if [ ! -t 2 ]; then set -- "$@" --quiet; fi # a person sees that it moves
    for path in "$tools/bin/$command" "$(command -v "$command" || true)" "$cargo_bin/$command"; do
        if [ "$(version_of "$path")" = "$version" ]; then
            [ "$path" = "$tools/bin/$command" ] || ln -sf "$path" "$tools/bin/$command"
            return
        fi
    done
    step "installing $command $version from source ($how_long)"
    rm -f "$tools/bin/$command"
    # Light optimisation halves the wait, and trunk computes little; a target folder of our own lets an interrupted installation go on.
    CARGO_PROFILE_RELEASE_OPT_LEVEL=$optimisation CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
        CARGO_PROFILE_RELEASE_DEBUG=0 CARGO_TARGET_DIR="$tools/target" CARGO_NET_RETRY=5 \
        cargo install "$crate" --version "$version" --root "$tools" --force "$@" ||
        die "$command $version could not be installed (cargo's message is above): 'cargo install $crate --version $version' must work, or the command must be on the PATH."
}

# wasm-bindgen's command must be of the very version of its crate. Its own lock file is not used: it has named
# versions that could not be had.
set_up_wasm_bindgen() {
    [ -f Cargo.lock ] ||
        die "Cargo.lock is missing, which says the version of wasm-bindgen: 'git checkout Cargo.lock' brings it back."
    local version
    version=$(awk '$0 == "name = \"wasm-bindgen\"" { getline; gsub(/version = |"/, ""); print; exit }' Cargo.lock)
    set_up_tool wasm-bindgen wasm-bindgen-cli "$version" 1 "1 to 3 minutes"
}

# --- What only the tests need ----------------------------------------------------------------------------------------

# Native code is checked by the default toolchain, wasm by the one that compiles it.
set_up_lints() {
    set_up_lint '' fmt rustfmt rustfmt-web
    set_up_lint '' clippy clippy rust-web-clippy
    set_up_lint "$(cat "$tools/env")" clippy clippy rust-web-clippy
}

# set_up_lint CHOICE SUBCOMMAND COMPONENT PACKAGE: by its name for cargo, for rustup and for Debian
set_up_lint() {
    local choice=$1 subcommand=$2 component=$3 package=$4
    if (eval "$choice" && cargo "$subcommand" --version) >/dev/null 2>&1; then return; fi
    step "installing $component (under a minute)"
    if have rustup && (eval "$choice" && rustup component add "$component") >"$tools/rustup.log" 2>&1; then return; fi
    apt_install "$component is missing: run 'rustup component add $component', or, as root on Debian, install $package." "$package"
}

set_up_browser() {
    local browser found=no
    for browser in chromium chromium-browser google-chrome google-chrome-stable; do
        if have "$browser"; then found=yes; fi
    done
    if [ $found = no ] || ! have chromedriver; then
        step "installing Chromium and chromedriver for the browser tests (1 to 3 minutes)"
        apt_install "Chromium (or Chrome) and chromedriver are missing: install them, on Debian as root with 'apt-get install chromium chromium-driver', elsewhere from your system's packages, so that both are on the PATH." \
            chromium chromium-driver
    fi
}

# axe-core looks for what keeps people from using the page. It is one file of an npm package.
set_up_axe() {
    if [ -f "$tools/axe/axe.min.js" ] && [ "$(cat "$tools/axe/version" 2>/dev/null)" = "$AXE_VERSION" ]; then return; fi
    step "fetching axe-core $AXE_VERSION for the accessibility tests (seconds)"
    local package=axe-core-$AXE_VERSION.tgz
    have npm ||
        apt_install "npm is missing, which fetches axe-core: install it, on Debian as root with 'apt-get install npm', elsewhere with Node.js." npm
    (cd "$scratch" && npm pack --silent "axe-core@$AXE_VERSION" >"$tools/axe.log" 2>&1) ||
        die "npm could not fetch axe-core (its message is in .tools/axe.log): 'npm pack axe-core@$AXE_VERSION' must work."
    [ "$(sha256_of "$scratch/$package")" = "$AXE_SHA256" ] ||
        die "axe-core $AXE_VERSION came damaged, or is not the one that tools/setup.sh names: try again."
    rm -rf "$tools/axe"
    mkdir -p "$tools/axe"
    tar -xzf "$scratch/$package" -C "$tools/axe" --strip-components=1 package/axe.min.js package/LICENSE
    echo "$AXE_VERSION" >"$tools/axe/version"
}

# sha256sum is Linux's, shasum macOS's.
sha256_of() { { sha256sum "$1" 2>/dev/null || shasum -a 256 "$1"; } | cut -d ' ' -f 1; }

# The models' files are to open in Python: a test opens one.
set_up_python() {
    local python=$tools/python/bin/python wanted=tests/reference/requirements.txt
    if [ -f "$tools/python/installed" ] && cmp -s "$tools/python/installed" "$wanted" && "$python" -c 'import numpy, safetensors' 2>/dev/null; then
        return
    fi
    step "installing NumPy and safetensors for the tests (under a minute)"
    local without="Python 3 with its venv module is missing: install it, on Debian as root with 'apt-get install python3 python3-venv'."
    rm -rf "$tools/python"
    if ! python3 -m venv "$tools/python" >"$tools/python.log" 2>&1; then
        rm -rf "$tools/python"
        apt_install "$without" python3 python3-venv
        python3 -m venv "$tools/python" >"$tools/python.log" 2>&1 || die "$without"
    fi
    "$python" -m pip install --quiet --disable-pip-version-check -r "$wanted" >"$tools/python.log" 2>&1 ||
        die "pip could not install what $wanted names (its message is in .tools/python.log): 'pip install -r $wanted' must work."
    cp "$wanted" "$tools/python/installed"
}

# The programs that the page gives of its models run with PyTorch: the one that is there, else Debian's, which is for the CPU alone. What
# pip installs on Linux is many times the size, for GPUs that no test has; it is the way left.
set_up_torch() {
    local python=$tools/torch/bin/python base=
    if "$python" -c 'import torch, safetensors.torch' 2>/dev/null; then return; fi
    rm -rf "$tools/torch"
    base=$(python_with_torch)
    if [ -z "$base" ] && apt_has python3-torch; then
        step "installing PyTorch for the tests (1 to 2 minutes)"
        apt_install "PyTorch is missing: install it, on Debian as root with 'apt-get install python3-torch python3-venv', elsewhere with 'pip install torch'." \
            python3-torch python3-venv
        base=$(python_with_torch)
    fi
    step "setting up Python with PyTorch for the tests (seconds where PyTorch is there, else minutes)"
    "${base:-python3}" -m venv --system-site-packages "$tools/torch" >"$tools/torch.log" 2>&1 ||
        die "Python's venv module failed (its message is in .tools/torch.log): 'python3 -m venv' must work."
    "$python" -m pip install --quiet --disable-pip-version-check numpy packaging torch safetensors==0.6.2 >>"$tools/torch.log" 2>&1 ||
        die "pip could not install PyTorch and safetensors (its message is in .tools/torch.log): 'pip install numpy packaging torch safetensors' must work."
    "$python" -c 'import torch, safetensors.torch' ||
        die "PyTorch was installed into .tools/torch and does not start (its message is above)."
}

# The first Python here that has PyTorch; nothing where none has.
python_with_torch() {
    local python
    for python in python3 /usr/bin/python3; do
        if "$python" -c 'import torch, ensurepip' 2>/dev/null; then
            echo "$python"
            return
        fi
    done
}

main "$@"
