//! Views that take gradients, or long: a program that trains has them.

use std::rc::Rc;

use burn::tensor::Tensor;

use super::Engine;
use super::code_map::Spread;
use crate::analysis::maximisation::{Maximisation, random_pixels};
use crate::analysis::tsne::{STEPS, Tsne};
use crate::data::PIXELS;
use crate::protocol::{AdvanceTsne, Ascent, CodeMap, EngineError, Maximise, Maximised};
use crate::weights::TrainedModel;

/// Steps of one request at most.
const MOST_STEPS: u32 = 1_000;

/// Numbers of a code that t-SNE takes, the principal components of the most variance: more cost time, and hold noise (van der Maaten
/// and Hinton, section 4.2).
const COMPONENTS: usize = 30;

/// A map of a model's codes on its way.
pub struct TsneSession {
    model: Rc<dyn TrainedModel>,
    tsne: Tsne,
}

impl Engine {
    pub(super) async fn maximise(&self, request: Maximise) -> Result<Maximised, EngineError> {
        let Maximise { model, layer, unit, pixels, seed, ascent, steps } = request;
        let trained = self.model_of_images(model)?.differentiable();
        let maximisation = Maximisation::new(&*trained, layer as usize, &[unit as usize])
            .ok_or_else(|| EngineError::Malformed(format!("layer {layer} of {} has no unit {unit}", model.name())))?;
        let pixels = if pixels.is_empty() { random_pixels(seed, PIXELS) } else { pixels };
        if pixels.len() != PIXELS || pixels.iter().any(|pixel| !pixel.is_finite()) || !is_usable(ascent) {
            return Err(EngineError::Malformed(format!("{} pixels, {ascent:?}", pixels.len())));
        }
        let mut images = self.tensor(pixels, PIXELS);
        for _ in 0..steps.min(MOST_STEPS) {
            images = maximisation.step(images, ascent);
        }
        let found = Tensor::from_inner(images.clone());
        let activation = self.read(maximisation.activations(found.clone()).inner()).await?[0];
        let before_activation = self.read(maximisation.before_activation(found).inner()).await?[0];
        Ok(Maximised { activation, before_activation, pixels: self.read(images).await? })
    }

    pub(super) async fn advance_tsne(&self, request: AdvanceTsne) -> Result<CodeMap, EngineError> {
        let AdvanceTsne { model, steps, restarts } = request;
        let trained = self.model_of_images(model)?;
        let known = self.tsne.take().filter(|session| !restarts && Rc::ptr_eq(&session.model, &trained));
        let mut session = match known {
            Some(session) => session,
            None => {
                let codes = self.codes_of_test_set(model).await?;
                if codes.width < 2 {
                    return Err(EngineError::Malformed(format!("codes of {} numbers", codes.width)));
                }
                let Spread { directions, points, .. } = self.spread(&codes, COMPONENTS).await?;
                TsneSession { model: trained, tsne: Tsne::new(points, directions.len()) }
            }
        };
        session.tsne.advance(steps.min(MOST_STEPS) as usize);
        let (points, step) = (session.tsne.points(), session.tsne.step());
        self.tsne.replace(Some(session));
        Ok(CodeMap { points, labels: self.test_labels()?, plane: None, progress: (step as u32, STEPS as u32) })
    }
}

fn is_usable(Ascent { step_size, decay, blur }: Ascent) -> bool {
    step_size.is_finite() && (0.0..1.0).contains(&decay) && (0.0..=PIXELS as f32).contains(&blur)
}
