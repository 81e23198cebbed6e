//! Batches of shuffled examples. Which examples a step sees follows from the seed and its number: nothing else need be saved.

use rand::seq::SliceRandom;

use super::random::{Purpose, stream};

/// Endless epochs of shuffled batches. Each epoch leaves out the remainder that fills no batch, other examples each time.
#[derive(Clone, Debug)]
pub struct Batches {
    seed: u64,
    first_epoch: usize,
    batch: usize,
    step: usize,
    order: Vec<u32>,
}

impl Batches {
    /// Batches of `batch` among `count` examples; all of them are one batch where `count` is smaller.
    ///
    /// # Panics
    /// If `count` or `batch` is 0.
    pub fn new(seed: u64, count: usize, batch: usize) -> Self {
        Self::from_epoch(seed, 0, count, batch)
    }

    /// The same, after `first_epoch` epochs of an earlier phase: the order of the examples is another in each.
    ///
    /// # Panics
    /// If `count` or `batch` is 0.
    pub fn from_epoch(seed: u64, first_epoch: usize, count: usize, batch: usize) -> Self {
        assert!(count > 0 && batch > 0, "no batch of {batch} among {count} examples");
        let order = (0..count as u32).collect();
        let mut batches = Batches { seed, first_epoch, batch: batch.min(count), step: 0, order };
        batches.seek(0);
        batches
    }

    /// Steps in an epoch.
    pub fn steps(&self) -> usize {
        self.order.len() / self.batch
    }

    /// Examples in a batch.
    pub fn batch(&self) -> usize {
        self.batch
    }

    /// Steps taken, of all epochs together.
    pub fn step(&self) -> usize {
        self.step
    }

    /// Goes to where `step` steps were taken.
    pub fn seek(&mut self, step: usize) {
        self.step = step;
        for (index, place) in self.order.iter_mut().enumerate() {
            *place = index as u32;
        }
        let epoch = self.first_epoch + step / self.steps();
        self.order.shuffle(&mut stream(self.seed, Purpose::Shuffle, epoch as u64));
    }

    /// The examples of the next step.
    pub fn advance(&mut self) -> impl ExactSizeIterator<Item = usize> + '_ {
        let within = self.step % self.steps();
        if within == 0 && self.step > 0 {
            self.seek(self.step);
        }
        self.step += 1;
        self.order[within * self.batch..][..self.batch].iter().map(|&index| index as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(batches: &mut Batches, steps: usize) -> Vec<Vec<usize>> {
        (0..steps).map(|_| batches.advance().collect()).collect()
    }

    #[test]
    fn an_epoch_shows_each_example_at_most_once() {
        let mut batches = Batches::new(1, 100, 15);
        assert_eq!(batches.steps(), 6);
        let mut seen = take(&mut batches, 6).concat();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 90);
    }

    #[test]
    fn epochs_differ_and_seeds_repeat() {
        let run = |seed| take(&mut Batches::new(seed, 60, 15), 8);
        assert_eq!(run(1), run(1));
        assert_ne!(run(1), run(2));
        assert_ne!(run(1)[..4], run(1)[4..]);
    }

    #[test]
    fn goes_on_from_any_step() {
        for step in [0, 3, 4, 6, 8] {
            let mut whole = Batches::new(5, 60, 15);
            take(&mut whole, step);
            let mut resumed = Batches::new(5, 60, 15);
            resumed.seek(step);
            assert_eq!(take(&mut whole, 6), take(&mut resumed, 6), "from {step}");
        }
    }

    #[test]
    fn a_later_phase_goes_on_with_later_epochs() {
        let mut whole = Batches::new(5, 60, 15);
        take(&mut whole, 8);
        assert_eq!(take(&mut whole, 6), take(&mut Batches::from_epoch(5, 2, 60, 15), 6));
    }

    #[test]
    fn a_small_set_is_one_batch() {
        assert_eq!(take(&mut Batches::new(5, 4, 15), 1)[0].len(), 4);
    }
}
