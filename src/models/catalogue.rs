//! The models by name. A model is added by one file beside this one, one entry here and one chapter of the page.

use serde::{Deserialize, Serialize};

#[cfg(feature = "engine")]
use super::autoencoder::Autoencoder;

/// Numbers in a code of the variational autoencoder: the page has as many sliders.
pub const VARIATIONAL_CODE: usize = 20;

macro_rules! catalogue {
    ($($(#[$doc:meta])* $variant:ident = $name:literal => $module:ident::$model:ident,)*) => {
        /// A model that Bottleneck ships, trains and shows.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum ModelId {
            $($(#[$doc])* $variant,)*
        }

        impl ModelId {
            pub const ALL: [ModelId; [$($name),*].len()] = [$(ModelId::$variant),*];

            /// The name in commands, file names and links: `vae`, `denoising`.
            pub const fn name(self) -> &'static str {
                match self {
                    $(ModelId::$variant => $name,)*
                }
            }

            /// Calls `visitor` with the type of this model.
            #[cfg(feature = "engine")]
            pub fn visit<V: ModelVisitor>(self, visitor: V) -> V::Output {
                match self {
                    $(ModelId::$variant => visitor.visit::<super::$module::$model>(),)*
                }
            }
        }

        $(
            #[cfg(feature = "engine")]
            impl super::autoencoder::Listed for super::$module::$model {
                const ID: ModelId = ModelId::$variant;
            }
        )*
    };
}

catalogue! {
    /// Linear autoencoder, 784-2-784 or 3-2-3 (Baldi & Hornik 1989).
    Linear = "linear" => linear::LinearAutoencoder,
    /// Stacked autoencoder, 784-300-150-300-784.
    Stacked = "stacked" => stacked::Stacked,
    /// Stacked autoencoder whose decoder has the encoder's weights.
    Tied = "tied" => tied::Tied,
    /// Stacked autoencoder, 784-300-150-300-784, trained layer by layer (Bengio et al. 2006).
    Layerwise = "layerwise" => layerwise::Layerwise,
    /// Deep autoencoder, 784-1000-500-250-30-250-500-1000-784 (Hinton & Salakhutdinov 2006).
    Deep = "deep" => deep::Deep,
    /// Stacked denoising autoencoder (Vincent et al. 2010).
    Denoising = "denoising" => denoising::Denoising,
    /// Sparse autoencoder, 784-1000-784 (Ng 2011).
    Sparse = "sparse" => sparse::Sparse,
    /// Variational autoencoder, 784-500-500-20-500-500-784 (Kingma & Welling 2014).
    Vae = "vae" => variational::Variational,
}

/// Something done with a model whose type is known by its [`ModelId`] alone.
#[cfg(feature = "engine")]
pub trait ModelVisitor {
    type Output;

    fn visit<M: Autoencoder>(self) -> Self::Output;
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
