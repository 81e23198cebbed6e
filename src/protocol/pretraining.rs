//! What is told about unsupervised pretraining: `www/models/pretraining.json`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How many digits classifiers tell that learnt from few labels, their encoder pretrained on all images or not.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PretrainingResults {
    /// Day of the last measurement, `YYYY-MM-DD`, UTC.
    pub date: String,
    /// Mean test accuracies in percent, `<preset>_<labels>`, and their standard deviations, `<preset>_<labels>_spread`: what texts
    /// tell of them.
    pub metrics: BTreeMap<String, f64>,
    pub points: Vec<PretrainingPoint>,
}

/// One way to train, with so many labels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PretrainingPoint {
    /// Name of the classifier's [`Preset`](crate::models::lesson::Preset).
    pub preset: String,
    /// Images whose label is told.
    pub labels: usize,
    /// Settings of fine-tuning that were tried with the first seed.
    pub tries: Vec<Try>,
    /// Accuracy on the 10,000 test images, by seed, with the settings that did best on the validation images.
    pub accuracies: BTreeMap<u64, f64>,
}

/// Settings of fine-tuning.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Try {
    /// Peak learning rate.
    pub learning_rate: f64,
    /// Passes over the images with labels.
    pub epochs: usize,
    /// Images in a step.
    pub batch: usize,
    /// Accuracy on the 5,000 validation images.
    pub accuracy: f64,
}

impl PretrainingResults {
    /// The metrics that the points come to.
    pub fn summary(&self) -> BTreeMap<String, f64> {
        let figures = |point: &PretrainingPoint| {
            let (mean, spread) = point.mean_and_deviation()?;
            let name = format!("{}_{}", point.preset, point.labels);
            Some([(format!("{name}_spread"), 100.0 * spread), (name, 100.0 * mean)])
        };
        self.points.iter().filter_map(figures).flatten().collect()
    }
}

impl PretrainingPoint {
    /// The settings that did best on the validation images, the first of equals; None before any was tried.
    pub fn chosen(&self) -> Option<Try> {
        self.tries.iter().rev().max_by(|a, b| a.accuracy.total_cmp(&b.accuracy)).copied()
    }

    /// The mean of the accuracies, and their standard deviation (of the sample, n - 1); None where there are fewer than two.
    pub fn mean_and_deviation(&self) -> Option<(f64, f64)> {
        let count = self.accuracies.len() as f64;
        let mean = self.accuracies.values().sum::<f64>() / count;
        let squares: f64 = self.accuracies.values().map(|accuracy| (accuracy - mean).powi(2)).sum();
        (count > 1.0).then(|| (mean, (squares / (count - 1.0)).sqrt()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_try_is_chosen_and_the_seeds_are_summed_up() {
        let tried = |learning_rate, accuracy| Try { learning_rate, epochs: 1, batch: 50, accuracy };
        let point = PretrainingPoint {
            preset: "scratch".to_string(),
            labels: 100,
            tries: vec![tried(0.1, 0.7), tried(0.2, 0.8), tried(0.3, 0.8)],
            accuracies: BTreeMap::from([(1, 0.7), (2, 0.8), (3, 0.9)]),
        };
        assert_eq!(point.chosen(), Some(tried(0.2, 0.8)));
        let (mean, deviation) = point.mean_and_deviation().expect("three seeds");
        assert!((mean - 0.8).abs() < 1e-12 && (deviation - 0.1).abs() < 1e-12, "{mean} {deviation}");
        let none = PretrainingPoint { tries: vec![], accuracies: BTreeMap::from([(1, 0.7)]), ..point };
        assert_eq!((none.chosen(), none.mean_and_deviation()), (None, None));
    }
}
