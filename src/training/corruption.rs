//! Noise put on the inputs of a training step.

use rand::{Rng, RngExt};

use crate::data::noise::corrupt;
use crate::models::recipe::Corruption;

/// Puts on an example the noise that it draws.
pub fn corrupt_by(corruption: &Corruption, row: &mut [f32], rng: &mut impl Rng) {
    let kind = rng.random::<f32>();
    let [gaussian, masking, both] = [corruption.gaussian, corruption.masking, corruption.both];
    let mut share = || if corruption.varied { rng.random::<f32>() } else { 1.0 };
    let (sigma, dropout) = (corruption.sigma * share(), corruption.dropout * share());
    if kind < gaussian {
        corrupt(row, sigma, 0.0, rng);
    } else if kind < gaussian + masking {
        corrupt(row, 0.0, dropout, rng);
    } else if kind < gaussian + masking + both {
        corrupt(row, sigma / 2.0, dropout / 2.0, rng);
    }
}
