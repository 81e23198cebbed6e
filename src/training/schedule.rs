//! The learning rate of each step.

use burn::lr_scheduler::LrSchedulerConfig;
use burn::lr_scheduler::cosine::CosineAnnealingLrSchedulerConfig;
use burn::lr_scheduler::linear::LinearLrSchedulerConfig;
use burn::lr_scheduler::module_lr_scheduler::ModuleLrScheduler;
use burn::lr_scheduler::sequential::SequentialLrSchedulerConfig;

use crate::models::recipe::Recipe;
use crate::models::settings::SettingsError;

/// The learning rate of each step of a phase: a linear rise to the peak, then, with `decay`, a cosine down to 0.
///
/// # Errors
/// Refuses a peak that is not positive and finite.
pub fn schedule(recipe: &Recipe, steps_per_epoch: usize) -> Result<ModuleLrScheduler, SettingsError> {
    let (peak, steps) = (recipe.learning_rate, recipe.epochs * steps_per_epoch);
    if !(peak > 0.0 && peak.is_finite()) {
        return Err(SettingsError::LearningRate(format!("{peak} is no learning rate")));
    }
    let warmup = recipe.warmup.min(steps - 1);
    let rise = LinearLrSchedulerConfig::new(peak / (warmup + 1) as f64, peak, warmup.max(1));
    let after = match recipe.decay {
        true => LrSchedulerConfig::Cosine(CosineAnnealingLrSchedulerConfig::new(peak, steps - warmup)),
        false => LrSchedulerConfig::Constant(peak),
    };
    match warmup {
        0 => SequentialLrSchedulerConfig::new(vec![after], vec![]),
        _ => SequentialLrSchedulerConfig::new(vec![LrSchedulerConfig::Linear(rise), after], vec![warmup]),
    }
    .init()
    .map_err(SettingsError::LearningRate)
}
