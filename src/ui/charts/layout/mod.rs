//! Where everything in a chart lies: plain computing, in percent of the chart or in the units of its drawing.

/// The numbers of a code as bars.
pub mod bars;
/// Layers as bars.
pub mod network;
/// Curves, grid and tick labels.
pub mod plot;
/// Points in a plane.
pub mod scatter;
/// What a chart shows as rows of text.
pub mod table;
/// Round numbers for axes.
pub mod ticks;
/// Squares of numbers that are drawn small.
pub mod tiles;
/// A part of a plane, moved and enlarged.
pub mod viewport;
