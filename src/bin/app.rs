//! The page.
fn main() {
    #[cfg(target_family = "wasm")]
    bottleneck::ui::run();
}
