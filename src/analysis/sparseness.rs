//! How few of a code's units are active for an image.
//!
//! Reference: A. Treves, E. T. Rolls, "What determines the capacity of autoassociative memories in the brain?", Network 2 (1991);
//! B. Willmore, D. J. Tolhurst, "Characterizing the sparseness of neural codes", Network 12 (2001), for the two ways to
//! average it.

/// An activation below this counts as none.
pub const INACTIVE: f32 = 0.05;

/// What is said of activations of at least 0, rows of one for each unit, an image each.
#[derive(Clone, Debug, PartialEq)]
pub struct Sparseness {
    /// The mean of all activations.
    pub mean: f64,
    /// Treves and Rolls' measure of an image's activations, mean(a)^2 / mean(a^2), averaged over the images that have any: 1 where
    /// all units are alike, p where a share p of them is at 1 and the others at 0.
    pub treves_rolls: f64,
    /// The share of all activations below [`INACTIVE`].
    pub inactive: f64,
    /// The mean activation of the unit that has the least.
    pub least_mean: f64,
}

impl Sparseness {
    /// Of `activations`, image after image, of `units` units; zeros where there are none.
    pub fn of(activations: &[f32], units: usize) -> Self {
        let (mut sum, mut inactive, mut ratios, mut images) = (0.0, 0_usize, 0.0, 0_usize);
        let mut means = vec![0.0; units];
        for image in activations.chunks_exact(units.max(1)) {
            let (mut total, mut squares) = (0.0, 0.0);
            for (&activation, mean) in image.iter().zip(&mut means) {
                let value = f64::from(activation);
                total += value;
                squares += value * value;
                *mean += value;
                inactive += usize::from(activation < INACTIVE);
            }
            sum += total;
            if squares > 0.0 {
                ratios += total * total / (units as f64 * squares);
                images += 1;
            }
        }
        let count = activations.len().max(1) as f64;
        let rows = (activations.len() / units.max(1)).max(1) as f64;
        Sparseness {
            mean: sum / count,
            treves_rolls: ratios / images.max(1) as f64,
            inactive: inactive as f64 / count,
            least_mean: means.into_iter().reduce(f64::min).unwrap_or_default() / rows,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: &Sparseness, expected: [f64; 4]) {
        let found = [found.mean, found.treves_rolls, found.inactive, found.least_mean];
        assert!(found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-7), "{found:?}");
    }

    #[test]
    fn few_and_strong_is_sparse_many_and_weak_is_not() {
        // Both have the mean 0.25.
        close(&Sparseness::of(&[1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0], 4), [0.25, 0.25, 0.75, 0.0]);
        close(&Sparseness::of(&[0.25; 8], 4), [0.25, 1.0, 0.0, 0.25]);
    }

    #[test]
    fn each_image_counts_alike_and_black_ones_not_at_all() {
        // (0.5 + 0.1)^2 / (2 (0.25 + 0.01)), and 1.
        let expected = (0.36 / 0.52 + 1.0) / 2.0;
        close(&Sparseness::of(&[0.5, 0.1, 0.2, 0.2, 0.0, 0.0], 2), [1.0 / 6.0, expected, 1.0 / 3.0, 0.1]);
        close(&Sparseness::of(&[], 3), [0.0; 4]);
    }
}
