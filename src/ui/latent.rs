//! The point of the latent space that the sliders stand at, and how a link carries it.

use js_sys::Math;
use leptos::prelude::*;

use super::number::number;
use super::route::Query;

/// Sliders go from minus this to this; of a standard normal code 99.7 % lie within.
pub const EXTENT: f32 = 3.0;
/// What an arrow key moves a slider by.
pub const STEP: f32 = 0.05;

/// The name of the code in links.
const KEY: &str = "z";

/// Reads a code from a link; None when there is none or it is not `size` numbers.
pub fn from_query(query: &Query, size: usize) -> Option<Vec<f32>> {
    let code = query.get(KEY)?.split(',').map(|z| Some(clamp(number(z)? as f32))).collect::<Option<Vec<_>>>()?;
    (code.len() == size).then_some(code)
}

/// A code for a link; nothing for the origin.
pub fn to_query(code: &[f32]) -> Query {
    if code.iter().all(|&z| z == 0.0) {
        return Query::default();
    }
    let numbers: Vec<String> = code.iter().map(|z| ((z * 100.0).round() / 100.0).to_string()).collect();
    Query::of(KEY, &numbers.join(","))
}

/// `z` as near as a slider can come.
pub fn clamp(z: f32) -> f32 {
    z.clamp(-EXTENT, EXTENT)
}

/// A draw from the prior N(0, 1), by Box and Muller (1958), within the sliders' reach.
pub fn draw_from_prior(size: usize) -> Vec<f32> {
    let normal = || {
        let radius = Math::sqrt(-2.0 * Math::log(1.0 - Math::random()));
        (radius * Math::cos(std::f64::consts::TAU * Math::random())) as f32
    };
    (0..size).map(|_| clamp(normal())).collect()
}

/// Sets one dimension of `code`.
pub fn set_dimension(code: RwSignal<Vec<f32>>, dimension: usize, z: f32) {
    code.update(|code| code[dimension] = clamp(z));
}
