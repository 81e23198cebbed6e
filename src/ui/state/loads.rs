//! The engine's files on their way.

use crate::protocol::Asset;

/// How much of a file has come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Load {
    pub asset: Asset,
    pub loaded: u64,
    pub total: Option<u64>,
    pub done: bool,
}

/// The files of one engine, in the order in which they began to come.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Loads {
    loads: Vec<Load>,
    unusable: Vec<Asset>,
}

impl Loads {
    pub fn progress(&mut self, asset: Asset, loaded: u64, total: Option<u64>) {
        let load = Load { asset, loaded, total, done: false };
        match self.loads.iter_mut().find(|other| other.asset == asset) {
            Some(other) => *other = load,
            None => self.loads.push(load),
        }
    }

    pub fn finish(&mut self, asset: Asset) {
        self.loads.iter_mut().filter(|load| load.asset == asset).for_each(|load| load.done = true);
    }

    /// The file cannot be had from this engine any more.
    pub fn fail(&mut self, asset: Asset) {
        self.loads.retain(|load| load.asset != asset);
        self.unusable.push(asset);
    }

    /// Whether the engine has this file.
    pub fn has(&self, asset: Asset) -> bool {
        self.loads.iter().any(|load| load.asset == asset && load.done)
    }

    pub fn is_unusable(&self, asset: Asset) -> bool {
        self.unusable.contains(&asset)
    }

    /// The first file that is still coming.
    pub fn current(&self) -> Option<&Load> {
        self.loads.iter().find(|load| !load.done)
    }

    /// Whether more than the program was asked for, and all of it is there.
    pub fn are_done(&self) -> bool {
        self.loads.len() > 1 && self.current().is_none()
    }

    /// How much of what is known to be needed has come, 0 to 1. A file of unknown size counts as half there.
    pub fn share(&self) -> f64 {
        if !self.loads.is_empty() && self.current().is_none() {
            return 1.0;
        }
        let size = |load: &Load| if load.done { load.loaded } else { load.total.unwrap_or(2 * load.loaded) };
        let loaded: u64 = self.loads.iter().map(|load| load.loaded).sum();
        let total: u64 = self.loads.iter().map(size).sum();
        (loaded as f64 / total.max(1) as f64).min(0.99)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_is_whole_only_when_everything_is_there() {
        let mut loads = Loads::default();
        assert_eq!(loads.share(), 0.0);
        loads.progress(Asset::TestSet, 50, Some(100));
        loads.progress(Asset::TrainingSet, 25, None);
        assert_eq!(loads.share(), 0.5);
        loads.finish(Asset::TestSet);
        assert!(loads.has(Asset::TestSet) && !loads.are_done());
        loads.fail(Asset::TrainingSet);
        assert_eq!(loads.share(), 1.0);
        assert!(loads.is_unusable(Asset::TrainingSet) && !loads.are_done(), "one file alone is the program");
    }
}
