//! What the page does with the browser directly.

pub mod canvas;
pub mod debounce;
pub mod download;
pub mod focus;
pub mod frame;
pub mod keys;
pub mod measured;
pub mod number;
pub mod visibility;
