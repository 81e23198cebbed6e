//! How numbers of [0, 1] are spread.

/// Bins of equal width that [0, 1] is divided into.
pub const HISTOGRAM_BINS: usize = 20;

/// The share of `values` in each bin, all together 1; none where there are no values. A bin holds its lower end. Values outside
/// [0, 1] count in the nearest bin, those that are not numbers in the first.
pub fn histogram(values: &[f32]) -> Vec<f64> {
    let mut counts = [0_u64; HISTOGRAM_BINS];
    for value in values {
        // The conversion takes what is below 0, and what is not a number, for 0.
        let bin = (value * HISTOGRAM_BINS as f32) as usize;
        counts[bin.min(HISTOGRAM_BINS - 1)] += 1;
    }
    let all = values.len().max(1) as f64;
    counts.iter().map(|&count| count as f64 / all).collect()
}

/// The same between the least and the largest of `values`: these two, and the shares; zeros where there are no values.
pub fn histogram_of_range(values: &[f32]) -> (f32, f32, Vec<f64>) {
    let least = values.iter().copied().reduce(f32::min).unwrap_or_default();
    let largest = values.iter().copied().reduce(f32::max).unwrap_or_default();
    let extent = if largest > least { largest - least } else { 1.0 };
    let scaled: Vec<f32> = values.iter().map(|value| (value - least) / extent).collect();
    (least, largest, histogram(&scaled))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_ends_at_the_least_and_the_largest() {
        let (least, largest, shares) = histogram_of_range(&[-3.0, 1.0, 0.99, -1.0]);
        assert_eq!((least, largest, shares[0], shares[10], shares[HISTOGRAM_BINS - 1]), (-3.0, 1.0, 0.25, 0.25, 0.5));
        assert_eq!(histogram_of_range(&[2.0, 2.0]).2[0], 1.0, "all in one");
        assert_eq!(histogram_of_range(&[]), (0.0, 0.0, vec![0.0; HISTOGRAM_BINS]));
    }

    #[test]
    fn values_fall_into_their_bins() {
        let shares = histogram(&[0.0, 0.049, 0.05, 0.51, 0.51, 0.999, 1.0, 7.0]);
        let expected = |bin| match bin {
            0 | 10 => 0.25,
            1 => 0.125,
            19 => 0.375,
            _ => 0.0,
        };
        assert_eq!(shares, (0..HISTOGRAM_BINS).map(expected).collect::<Vec<_>>());
    }

    #[test]
    fn what_lies_outside_counts_in_the_nearest_bin() {
        let shares = histogram(&[-3.0, f32::NEG_INFINITY, f32::NAN, f32::INFINITY]);
        assert_eq!((shares[0], shares[HISTOGRAM_BINS - 1]), (0.75, 0.25));
    }

    #[test]
    fn nothing_has_no_shares() {
        assert_eq!(histogram(&[]), [0.0; HISTOGRAM_BINS]);
    }
}
