//! The models by name.

use serde::{Deserialize, Serialize};

/// A model that Bottleneck ships, trains and shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ModelId {
    /// Linear autoencoder, 784-2-784 or 3-2-3 (Baldi & Hornik 1989).
    Linear,
    /// Stacked autoencoder, 784-300-150-300-784.
    Stacked,
    /// Stacked autoencoder whose decoder has the encoder's weights.
    Tied,
    /// Stacked autoencoder, 784-300-150-300-784, trained layer by layer (Bengio et al. 2006).
    Layerwise,
    /// Deep autoencoder, 784-1000-500-250-30-250-500-1000-784 (Hinton & Salakhutdinov 2006).
    Deep,
    /// Stacked denoising autoencoder (Vincent et al. 2010).
    Denoising,
    /// Sparse autoencoder, 784-1000-784 (Ng 2011).
    Sparse,
    /// Variational autoencoder, 784-500-500-20-500-500-784 (Kingma & Welling 2014).
    Vae,
}

impl ModelId {
    pub const ALL: [ModelId; 8] = [
        ModelId::Linear,
        ModelId::Stacked,
        ModelId::Tied,
        ModelId::Layerwise,
        ModelId::Deep,
        ModelId::Denoising,
        ModelId::Sparse,
        ModelId::Vae,
    ];

    /// The name in commands, file names and links: `vae`, `denoising`.
    pub const fn name(self) -> &'static str {
        match self {
            ModelId::Linear => "linear",
            ModelId::Stacked => "stacked",
            ModelId::Tied => "tied",
            ModelId::Layerwise => "layerwise",
            ModelId::Deep => "deep",
            ModelId::Denoising => "denoising",
            ModelId::Sparse => "sparse",
            ModelId::Vae => "vae",
        }
    }
}

/// No model has this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no model is named {0}")]
pub struct UnknownModel(pub String);

impl std::str::FromStr for ModelId {
    type Err = UnknownModel;

    fn from_str(name: &str) -> Result<Self, UnknownModel> {
        ModelId::ALL.into_iter().find(|id| id.name() == name).ok_or_else(|| UnknownModel(name.to_string()))
    }
}
