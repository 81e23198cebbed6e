//! Test images through a model, batch by batch: a pass that was left goes on where it was, when the same is asked for again.

use std::rc::Rc;

use burn::tensor::Tensor;

use super::Engine;
use crate::data::PIXELS;
use crate::data::dataset::gather;
use crate::protocol::EngineError;
use crate::weights::TrainedModel;

/// Images that go through the layers at a time, at most.
const BATCH: usize = 500;
/// Numbers that a layer of the images at a time has, at most: 16 MB, of which some are there at once.
const NUMBERS: usize = 4_000_000;

/// What of a layer a pass is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Layer,
    Unit(usize),
    BeforeActivation(usize),
    LargestOfMaps,
    MeansOfMaps,
}

/// What one pass computes.
struct Subject {
    model: Rc<dyn TrainedModel>,
    layer: usize,
    part: Part,
    images: usize,
}

impl PartialEq for Subject {
    fn eq(&self, other: &Self) -> bool {
        let of = |subject: &Self| (subject.layer, subject.part, subject.images);
        Rc::ptr_eq(&self.model, &other.model) && of(self) == of(other)
    }
}

/// A pass, as far as it has come.
pub struct ImagePass {
    subject: Subject,
    /// An image after another.
    values: Vec<f32>,
    /// Images.
    done: usize,
}

impl Engine {
    /// What `of` makes of the test images of these `numbers`, one image after another: `part` of `layer` of a model.
    ///
    /// The future may be dropped while progress is reported: the next for the same goes on from there.
    pub(super) async fn over_images(
        &self,
        model: &Rc<dyn TrainedModel>,
        layer: usize,
        part: Part,
        numbers: &[usize],
        of: impl Fn(Tensor<2>) -> Tensor<2>,
    ) -> Result<Vec<f32>, EngineError> {
        let (set, count) = (self.test_set()?, numbers.len());
        let widest = model.shape().layers.iter().copied().max().unwrap_or_default();
        let batch = (NUMBERS / widest.max(1)).clamp(1, BATCH);
        let subject = Subject { model: Rc::clone(model), layer, part, images: count };
        let mut done = {
            let mut pass = self.image_pass.borrow_mut();
            pass.take_if(|pass| pass.subject != subject);
            pass.get_or_insert(ImagePass { subject, values: Vec::new(), done: 0 }).done
        };
        for numbers in numbers[done..].chunks(batch) {
            let images = self.tensor(gather(set, numbers.iter().copied()), PIXELS);
            let found = self.read(of(images)).await?;
            if let Some(pass) = &mut *self.image_pass.borrow_mut() {
                // Once for all: a vector that grows is copied, and the memory of both stays with a program in WebAssembly.
                pass.values.reserve_exact(found.len() / numbers.len() * (count - done));
                pass.values.extend(found);
                done += numbers.len();
                pass.done = done;
            }
            if let Some(report) = &self.report_progress {
                report(done as u32, count as u32).await;
            }
        }
        Ok(self.image_pass.take().map(|pass| pass.values).unwrap_or_default())
    }
}
