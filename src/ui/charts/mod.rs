//! Plots, point clouds and drawings of networks, as SVG.

#[cfg(all(target_family = "wasm", feature = "ui"))]
pub mod code_bars;
#[cfg(all(target_family = "wasm", feature = "ui"))]
pub mod comparison;
/// Where everything in a chart lies: plain computing.
pub mod layout;
#[cfg(all(target_family = "wasm", feature = "ui"))]
pub mod loss_chart;
#[cfg(all(target_family = "wasm", feature = "ui"))]
pub mod network;
#[cfg(all(target_family = "wasm", feature = "ui"))]
pub mod plot;
#[cfg(all(target_family = "wasm", feature = "ui"))]
pub mod point_cloud;
#[cfg(all(target_family = "wasm", feature = "ui"))]
pub mod scatter;
#[cfg(all(target_family = "wasm", feature = "ui"))]
pub mod values;
