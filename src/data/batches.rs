//! Batches of shuffled examples. Where a run stands is (seed, epoch, step): nothing else need be saved.

use rand::seq::SliceRandom;

use super::random::{Purpose, stream};

/// Endless epochs of shuffled batches. Each epoch leaves out the remainder that fills no batch, other examples each time.
#[derive(Clone, Debug)]
pub struct Batches {
    seed: u64,
    batch: usize,
    epoch: usize,
    step: usize,
    order: Vec<u32>,
}

impl Batches {
    /// Batches of `batch` among `count` examples, from `step` of `epoch` on; all of them are one batch where `count` is smaller.
    ///
    /// # Panics
    /// If `count` or `batch` is 0.
    pub fn new(seed: u64, count: usize, batch: usize, epoch: usize, step: usize) -> Self {
        assert!(count > 0 && batch > 0, "no batch of {batch} among {count} examples");
        let mut batches = Batches { seed, batch: batch.min(count), epoch, step, order: (0..count as u32).collect() };
        batches.shuffle();
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

    /// `(epoch, step)` of the next batch, both from 0.
    pub fn position(&self) -> (usize, usize) {
        (self.epoch, self.step)
    }

    /// The examples of the next batch.
    pub fn advance(&mut self) -> impl ExactSizeIterator<Item = usize> + '_ {
        if self.step >= self.steps() {
            self.epoch += 1;
            self.step = 0;
            self.shuffle();
        }
        let start = self.step * self.batch;
        self.step += 1;
        self.order[start..start + self.batch].iter().map(|&index| index as usize)
    }

    fn shuffle(&mut self) {
        for (index, place) in self.order.iter_mut().enumerate() {
            *place = index as u32;
        }
        self.order.shuffle(&mut stream(self.seed, Purpose::Shuffle, self.epoch as u64));
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
        let mut batches = Batches::new(1, 100, 15, 0, 0);
        assert_eq!(batches.steps(), 6);
        let mut seen = take(&mut batches, 6).concat();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 90);
    }

    #[test]
    fn epochs_differ_and_seeds_repeat() {
        let run = |seed| take(&mut Batches::new(seed, 60, 15, 0, 0), 8);
        assert_eq!(run(1), run(1));
        assert_ne!(run(1), run(2));
        assert_ne!(run(1)[..4], run(1)[4..]);
    }

    #[test]
    fn goes_on_from_any_position() {
        let mut whole = Batches::new(5, 60, 15, 0, 0);
        take(&mut whole, 6);
        let (epoch, step) = whole.position();
        let mut resumed = Batches::new(5, 60, 15, epoch, step);
        assert_eq!(take(&mut whole, 6), take(&mut resumed, 6));
    }

    #[test]
    fn a_small_set_is_one_batch() {
        assert_eq!(take(&mut Batches::new(5, 4, 15, 0, 0), 1)[0].len(), 4);
    }
}
