//! Random numbers that are the same on every platform: ChaCha8, addressed by seed, purpose and index.
//!
//! A number that is addressed and not drawn from a running generator needs no state in a snapshot.

use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

/// What numbers are drawn for; each purpose has streams of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The order of the examples in an epoch.
    Shuffle,
    /// Noise put on a training batch.
    Corruption,
    /// The posterior sample of a training batch.
    Epsilon,
    /// Noise put on one image.
    Noise,
    /// The posterior sample of an evaluation batch.
    EvaluationEpsilon,
    /// Points about a plane.
    Plane,
    /// The examples whose labels are told.
    Labels,
    /// The image that gradient ascent begins with.
    Maximisation,
    /// The codes of samples.
    Samples,
    /// A step of a Markov chain.
    Chain,
}

/// The generator number `index` (below 2^56) for `purpose` under `seed`.
pub fn stream(seed: u64, purpose: Purpose, index: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(((purpose as u64) << 56) | index);
    rng
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng;

    #[test]
    fn streams_are_stable_and_distinct() {
        let first = |seed, purpose, index| stream(seed, purpose, index).next_u64();
        assert_eq!(first(1, Purpose::Noise, 2), first(1, Purpose::Noise, 2));
        let all = [
            first(1, Purpose::Noise, 2),
            first(2, Purpose::Noise, 2),
            first(1, Purpose::Shuffle, 2),
            first(1, Purpose::Noise, 3),
        ];
        for (position, value) in all.iter().enumerate() {
            assert!(!all[..position].contains(value));
        }
    }
}
