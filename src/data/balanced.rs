//! Few examples of a set, as many of each class as of any other.

use std::collections::BTreeMap;

use rand::seq::SliceRandom;

use super::dataset::Dataset;
use super::random::{Purpose, stream};

/// The numbers of `count` examples of `data` whose class is known, drawn by `seed`: one of each class in turn, as long as there are any of it.
/// A smaller draw by the same seed is the beginning of a larger one. Fewer where fewer have a class.
pub fn balanced(data: &(impl Dataset + ?Sized), count: usize, seed: u64) -> Vec<u32> {
    let mut order: Vec<u32> = (0..data.count() as u32).collect();
    order.shuffle(&mut stream(seed, Purpose::Labels, 0));
    let mut classes: BTreeMap<u8, Vec<u32>> = BTreeMap::new();
    for index in order {
        if let Some(class) = data.label(index as usize) {
            classes.entry(class).or_default().push(index);
        }
    }
    let longest = classes.values().map(Vec::len).max().unwrap_or_default();
    let rounds = (0..longest).flat_map(|round| classes.values().filter_map(move |class| class.get(round)));
    rounds.take(count).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two of five are of class 1, one of class 4; of the rest the class is not known.
    struct Skewed;

    impl Dataset for Skewed {
        fn count(&self) -> usize {
            1_000
        }

        fn width(&self) -> usize {
            1
        }

        fn read(&self, _index: usize, _row: &mut [f32]) {}

        fn label(&self, index: usize) -> Option<u8> {
            [Some(1), Some(1), Some(4), None, None][index % 5]
        }
    }

    fn of_class(indices: &[u32], class: u8) -> usize {
        indices.iter().filter(|&&index| Skewed.label(index as usize) == Some(class)).count()
    }

    #[test]
    fn classes_are_drawn_alike_as_long_as_they_last() {
        for (count, expected) in [(1, [1, 0]), (7, [4, 3]), (100, [50, 50]), (400, [200, 200]), (500, [300, 200])] {
            let drawn = balanced(&Skewed, count, 3);
            assert_eq!([of_class(&drawn, 1), of_class(&drawn, 4)], expected, "{count}");
            assert_eq!(drawn.len(), count);
        }
        let mut all = balanced(&Skewed, usize::MAX, 3);
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 600, "those of unknown class are not among them, and none is twice");
    }

    #[test]
    fn a_seed_is_one_draw_and_a_smaller_one_is_its_beginning() {
        let drawn = balanced(&Skewed, 100, 3);
        assert_eq!(drawn[..40], balanced(&Skewed, 40, 3));
        assert_ne!(drawn, balanced(&Skewed, 100, 4));
    }
}
