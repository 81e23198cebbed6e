//! The noise that a denoising autoencoder takes away: Gaussian noise and dropout.
//!
//! Reference: P. Vincent et al., "Stacked Denoising Autoencoders", JMLR 11 (2010), section 3.3: isotropic Gaussian and masking noise.

use rand::{Rng, RngExt};
use rand_distr::{Distribution, StandardNormal};
use serde::{Deserialize, Serialize};

use super::random::{Purpose, stream};

/// One draw of noise: `sigma` and `dropout` say how strong, `seed` which draw.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Noise {
    /// Standard deviation of the Gaussian noise, pixels in [0, 1]. Below or at 0: none.
    pub sigma: f32,
    /// Probability that a pixel is set to 0, in [0, 1).
    pub dropout: f32,
    pub seed: u64,
}

impl Noise {
    /// `pixels` with Gaussian noise added, then dropped out. The same bytes on every platform; not clipped.
    pub fn apply(&self, pixels: &[f32]) -> Vec<f32> {
        let mut noisy = pixels.to_vec();
        corrupt(&mut noisy, self.sigma, self.dropout, &mut stream(self.seed, Purpose::Noise, 0));
        noisy
    }
}

/// Adds N(0, `sigma`^2) to each of `pixels`, then sets it to 0 with probability `dropout` in [0, 1) and scales those kept by
/// 1 / (1 - dropout), so that the expected value stays.
pub fn corrupt(pixels: &mut [f32], sigma: f32, dropout: f32, rng: &mut impl Rng) {
    if sigma > 0.0 {
        for pixel in pixels.iter_mut() {
            let normal: f32 = StandardNormal.sample(rng);
            *pixel += sigma * normal;
        }
    }
    if dropout > 0.0 {
        let scale = 1.0 / (1.0 - dropout);
        for pixel in pixels.iter_mut() {
            *pixel = if rng.random::<f32>() < dropout { 0.0 } else { *pixel * scale };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COUNT: usize = 100_000;

    fn moments(values: &[f32]) -> (f64, f64) {
        let mean = values.iter().map(|&v| f64::from(v)).sum::<f64>() / values.len() as f64;
        let variance = values.iter().map(|&v| (f64::from(v) - mean).powi(2)).sum::<f64>() / values.len() as f64;
        (mean, variance.sqrt())
    }

    #[test]
    fn gaussian_noise_has_its_moments_and_is_not_clipped() {
        let noisy = Noise { sigma: 0.5, dropout: 0.0, seed: 7 }.apply(&vec![0.25; COUNT]);
        let (mean, deviation) = moments(&noisy);
        assert!((mean - 0.25).abs() < 0.01, "{mean}");
        assert!((deviation - 0.5).abs() < 0.01, "{deviation}");
        assert!(noisy.iter().any(|&value| value < 0.0) && noisy.iter().any(|&value| value > 1.0));
    }

    #[test]
    fn dropout_keeps_the_mean() {
        let noisy = Noise { sigma: 0.0, dropout: 0.3, seed: 7 }.apply(&vec![0.7; COUNT]);
        let dropped = noisy.iter().filter(|&&value| value == 0.0).count() as f64 / COUNT as f64;
        assert!((dropped - 0.3).abs() < 0.01, "{dropped}");
        assert!(noisy.iter().all(|&value| value == 0.0 || (value - 1.0).abs() < 1e-6));
    }

    #[test]
    fn a_seed_is_one_draw() {
        let noise = Noise { sigma: 1.0, dropout: 0.2, seed: 3 };
        let pixels = vec![0.5; 784];
        assert_eq!(noise.apply(&pixels), noise.apply(&pixels));
        assert_ne!(noise.apply(&pixels), Noise { seed: 4, ..noise }.apply(&pixels));
        assert_eq!(Noise { sigma: 0.0, dropout: 0.0, seed: 3 }.apply(&pixels), pixels);
    }
}
