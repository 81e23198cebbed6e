//! A bound of a log-likelihood by importance sampling.
//!
//! Reference: Y. Burda, R. Grosse, R. Salakhutdinov, "Importance Weighted Autoencoders", ICLR 2016, eq. 8.

/// The logarithm of the mean of the exponentials of `values`, in nats; -infinity where there are none.
pub fn log_mean_exp(values: &[f32]) -> f64 {
    // The largest is taken out first: far below 0 all exponentials would be 0.
    let largest = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    if largest == f32::NEG_INFINITY {
        return f64::NEG_INFINITY;
    }
    let sum: f64 = values.iter().map(|&value| f64::from(value - largest).exp()).sum();
    f64::from(largest) + (sum / values.len() as f64).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn far_below_zero_the_mean_is_still_one() {
        assert!((log_mean_exp(&[0.0, 3.0_f32.ln()]) - 2.0_f64.ln()).abs() < 1e-6);
        assert!((log_mean_exp(&[-1000.0, -1000.0 + 3.0_f32.ln()]) + 1000.0 - 2.0_f64.ln()).abs() < 1e-3);
        assert_eq!([log_mean_exp(&[]), log_mean_exp(&[f32::NEG_INFINITY])], [f64::NEG_INFINITY; 2]);
    }
}
