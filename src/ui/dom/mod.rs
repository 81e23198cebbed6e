//! What the page does with the browser directly.

pub mod canvas;
pub mod download;
pub mod focus;
pub mod frame;
pub mod measured;
pub mod number;
pub mod rest;
pub mod visibility;
