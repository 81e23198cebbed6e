#!/usr/bin/env bash
# Builds the page's program in parts (src/bin/split.rs) into page/ of the site: app.js and app_bg.wasm, which a browser starts with, and the parts
# that they fetch when they are wanted. Trunk runs this before it builds the rest.
set -euo pipefail
target=wasm32-unknown-unknown
built=${CARGO_TARGET_DIR:-target}/$target/web
parts=$built/page

# A program is split by its relocations, which the linker leaves out otherwise, and by names.
cargo rustc --locked --target "$target" --profile web --no-default-features --features ui --bin app -- -C strip=none -C link-arg=--emit-relocs
rm -rf "$parts"
cargo run --quiet --locked --no-default-features --features site --bin split -- "$built/app.wasm" "$parts"
mkdir -p "$TRUNK_STAGING_DIR/page"
wasm-bindgen "$parts/app.wasm" --target web --no-typescript --keep-lld-exports --no-demangle --out-dir "$TRUNK_STAGING_DIR/page"
rm "$parts/app.wasm"
cp "$parts"/* "$TRUNK_STAGING_DIR/page"
