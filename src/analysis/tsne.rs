//! t-SNE, some steps at a time: a map in which those are neighbours that are neighbours in many dimensions.
//!
//! Reference: L. van der Maaten, G. Hinton, "Visualizing Data using t-SNE", JMLR 9 (2008); L. van der Maaten, "Accelerating t-SNE
//! using Tree-Based Algorithms", JMLR 15 (2014), by the crate bhtsne; D. Kobak, P. Berens, "The art of using t-SNE for single-cell
//! transcriptomics" (2019), for the beginning by PCA.

use bhtsne::{SparseAffinities, tSNE};

/// Steps in all.
pub const STEPS: usize = 750;
/// Steps at first that hold neighbours together more than they are.
const EXAGGERATED: usize = 250;
const PERPLEXITY: f32 = 30.0;
/// Accuracy of the Barnes-Hut approximation, as van der Maaten has it.
const THETA: f32 = 0.5;
/// The standard deviation of the points at first.
const BEGINNING: f32 = 1e-4;

/// A map on its way.
pub struct Tsne {
    /// Rows of `width` numbers.
    examples: Vec<f32>,
    width: usize,
    /// How close the examples are to each other; worked out with the first steps.
    affinities: Option<SparseAffinities<f32>>,
    /// Two numbers for each example.
    points: Vec<f32>,
    step: usize,
}

impl Tsne {
    /// For `examples` of `width` numbers each, the two principal components of the most variance first: these are the beginning.
    ///
    /// # Panics
    /// If there are fewer than two numbers in an example.
    pub fn new(examples: Vec<f32>, width: usize) -> Self {
        let first = || examples.iter().step_by(width).map(|&x| f64::from(x));
        let deviation = (first().map(|x| x * x).sum::<f64>() / first().count().max(1) as f64).sqrt() as f32;
        let scale = BEGINNING / deviation.max(f32::MIN_POSITIVE);
        let points = examples.chunks_exact(width).flat_map(|row| [row[0] * scale, row[1] * scale]).collect();
        Tsne { examples, width, affinities: None, points, step: 0 }
    }

    /// Goes on by so many steps, at most to the last. The velocity of the points begins anew each time: a few dozen are better than
    /// a few.
    pub fn advance(&mut self, steps: usize) {
        let steps = steps.min(STEPS - self.step);
        let examples: Vec<&[f32]> = self.examples.chunks_exact(self.width).collect();
        // Perplexity is about the number of neighbours: three times as many are looked at.
        let perplexity = PERPLEXITY.min(examples.len().saturating_sub(1) as f32 / 3.0);
        if steps == 0 || perplexity < 1.0 {
            self.step += steps;
            return;
        }
        let exaggerated = EXAGGERATED.saturating_sub(self.step);
        let mut run = tSNE::<f32, &[f32], 2>::new(&examples);
        run.perplexity(perplexity).epochs(steps).stop_lying_epoch(exaggerated).momentum_switch_epoch(exaggerated);
        run.initial_embedding(std::mem::take(&mut self.points));
        if let Some(affinities) = &self.affinities {
            run.with_affinities(affinities.clone());
        }
        run.barnes_hut(THETA, |a, b| distance(a, b));
        self.points = run.embedding();
        if self.affinities.is_none() {
            self.affinities = run.affinities();
        }
        self.step += steps;
    }

    pub fn step(&self) -> usize {
        self.step
    }

    /// Two coordinates for each example.
    pub fn points(&self) -> Vec<[f32; 2]> {
        self.points.as_chunks().0.to_vec()
    }
}

fn distance(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f32>().sqrt()
}
