//! Points about a tilted plane in space: data that two numbers each describe almost whole.

use rand::{Rng, RngExt};
use rand_distr::{Distribution, StandardNormal};

use super::dataset::Dataset;
use super::random::{Purpose, stream};

/// Coordinates of a point.
pub const COORDINATES: usize = 3;

/// Number of points.
pub const POINTS: usize = 200;

/// Seeds of the points to train on, and of other points about the same plane.
pub const PLANES: [u64; 2] = [1, 2];

/// Standard deviation of the distance from the plane; along the plane's axes it is half of that.
const NOISE: f64 = 0.1;

/// 200 points of 3 coordinates along an arc in a tilted plane, with noise, each coordinate standardised to mean 0 and variance 1.
///
/// Reference: the notebook of A. Géron, "Hands-On Machine Learning" (2017), chapter 15, "PCA with a linear autoencoder".
#[derive(Clone, Debug, PartialEq)]
pub struct Plane {
    points: Vec<[f32; 3]>,
}

impl Plane {
    /// The points that `seed` determines.
    pub fn new(seed: u64) -> Plane {
        let mut rng = stream(seed, Purpose::Plane, 0);
        let mut points: Vec<[f64; 3]> = (0..POINTS).map(|_| point(&mut rng)).collect();
        for axis in 0..3 {
            let mean = points.iter().map(|point| point[axis]).sum::<f64>() / POINTS as f64;
            let variance = points.iter().map(|point| (point[axis] - mean).powi(2)).sum::<f64>() / POINTS as f64;
            points.iter_mut().for_each(|point| point[axis] = (point[axis] - mean) / variance.sqrt());
        }
        Plane { points: points.into_iter().map(|point| point.map(|coordinate| coordinate as f32)).collect() }
    }
}

fn point(rng: &mut impl Rng) -> [f64; 3] {
    let angle = rng.random::<f64>() * 1.5 * std::f64::consts::PI - 0.5;
    let mut noise = || -> f64 { NOISE * Distribution::<f64>::sample(&StandardNormal, rng) };
    let x = angle.cos() + angle.sin() / 2.0 + noise() / 2.0;
    let y = angle.sin() * 0.7 + noise() / 2.0;
    [x, y, x * 0.1 + y * 0.3 + noise()]
}

impl Dataset for Plane {
    fn count(&self) -> usize {
        POINTS
    }

    fn width(&self) -> usize {
        COORDINATES
    }

    fn read(&self, index: usize, row: &mut [f32]) {
        row.copy_from_slice(&self.points[index]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_determines_the_points() {
        assert_eq!(Plane::new(1), Plane::new(1));
        assert_ne!(Plane::new(1), Plane::new(2));
    }

    #[test]
    fn points_are_standardised_and_near_a_plane() {
        let Plane { points } = Plane::new(1);
        let mean = |number: &dyn Fn(&[f32; 3]) -> f32| points.iter().map(number).sum::<f32>() / POINTS as f32;
        for axis in 0..3 {
            assert!(mean(&|point| point[axis]).abs() < 1e-5);
            assert!((mean(&|point| point[axis].powi(2)) - 1.0).abs() < 1e-4);
        }
        // What the least squares fit of z by x and y leaves is the noise.
        let product = |a: usize, b: usize| mean(&|point| point[a] * point[b]);
        let (xy, xz, yz) = (product(0, 1), product(0, 2), product(1, 2));
        let explained = (xz * xz + yz * yz - 2.0 * xy * xz * yz) / (1.0 - xy * xy);
        assert!((0.6..0.9).contains(&explained), "x and y explain {explained} of the variance of z");
    }
}
