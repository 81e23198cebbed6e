//! The models by name.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Deserializer, Serialize};

/// The name of a model in commands, file names and links: `vae`, `denoising`.
///
/// Which models there are is the engine's to say: a name that it does not know is refused there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct ModelId(&'static str);

impl ModelId {
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// The model of a name that comes from outside. Each name is kept once for as long as the program runs.
    pub fn named(name: &str) -> Self {
        static NAMES: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
        let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
        match names.get(name) {
            Some(name) => Self(name),
            None => {
                let name: &'static str = String::from(name).leak();
                names.insert(name);
                Self(name)
            }
        }
    }

    pub const fn name(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for ModelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl<'de> Deserialize<'de> for ModelId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|name| Self::named(&name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_model_wherever_it_comes_from() {
        let read: ModelId = serde_json::from_str("\"vae\"").unwrap();
        assert_eq!((read, ModelId::named("vae")), (ModelId::new("vae"), ModelId::new("vae")));
        assert_eq!(serde_json::to_string(&read).unwrap(), "\"vae\"");
        assert_ne!(read, ModelId::named("linear"));
    }
}
