//! Codes beside draws of the distribution that they are made to follow.

use super::Engine;
use crate::analysis::energy_distance::{energy_distance, mean_distance};
use crate::data::random::Purpose;
use crate::models::batch::Labels;
use crate::models::priors::classes_or_draws;
use crate::models::sampler::Sampler;
use crate::protocol::{CodePrior, EngineError, PriorView};
use crate::weights::TrainedModel;

/// Test images whose codes are compared, and draws: the distances of all pairs are worked out.
const COMPARED: usize = 500;
/// Seed of the draws: they stay the same while a model learns.
const SEED: u64 = 0;

impl Engine {
    /// None of a model whose codes are not made to follow a distribution.
    pub(super) async fn prior_view(&self, trained: &dyn TrainedModel) -> Result<Option<PriorView>, EngineError> {
        let Some(CodePrior { prior, numbers, deviation }) = trained.shape().prior else { return Ok(None) };
        let (pixels, labels) = self.first_images(COMPARED)?;
        let sampler = Sampler::new(SEED, Purpose::Samples, 0, &self.device);
        let means = trained.encode(self.tensor(pixels, trained.shape().input())).narrow(1, 0, numbers);
        let noise = sampler.normal(means.dims());
        let classes = classes_or_draws(&Labels(labels.iter().copied().map(Some).collect()), &sampler);
        let [draws, others] = [(); 2].map(|()| prior.draw(numbers, classes.clone(), &sampler));
        let codes = self.read(means + noise * deviation).await?;
        let (draws, others) = (self.read(draws).await?, self.read(others).await?);
        let first = |points: &[f32]| points.chunks_exact(numbers).map(first_two).collect();
        Ok(Some(PriorView {
            prior,
            numbers,
            code: trained.shape().code(),
            energy_distance: energy_distance(&codes, &draws, numbers) as f32,
            chance: energy_distance(&draws, &others, numbers) as f32,
            spread: (mean_distance(&codes, &codes, numbers) / mean_distance(&draws, &draws, numbers)) as f32,
            codes: first(&codes),
            draws: first(&draws),
            labels,
        }))
    }
}

/// As a point of a plane: that of one number lies on a line.
fn first_two(point: &[f32]) -> [f32; 2] {
    [0, 1].map(|axis| point.get(axis).copied().unwrap_or_default())
}
