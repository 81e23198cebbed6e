//! The models by name. A model is added by one file beside this one, one entry here and one chapter of the page.

use super::autoencoder::{Autoencoder, Listed};
use super::{deep, denoising, layerwise, linear, sparse, stacked, tied, variational};
use crate::protocol::ModelId;

macro_rules! catalogue {
    ($($variant:ident => $model:ty,)*) => {
        impl ModelId {
            /// Calls `visitor` with the type of this model.
            pub fn visit<V: ModelVisitor>(self, visitor: V) -> V::Output {
                match self {
                    $(ModelId::$variant => visitor.visit::<$model>(),)*
                }
            }
        }

        $(
            impl Listed for $model {
                const ID: ModelId = ModelId::$variant;
            }
        )*
    };
}

catalogue! {
    Linear => linear::LinearAutoencoder,
    Stacked => stacked::Stacked,
    Tied => tied::Tied,
    Layerwise => layerwise::Layerwise,
    Deep => deep::Deep,
    Denoising => denoising::Denoising,
    Sparse => sparse::Sparse,
    Vae => variational::Variational,
}

/// Something done with a model whose type is known by its [`ModelId`] alone.
pub trait ModelVisitor {
    type Output;

    fn visit<M: Autoencoder>(self) -> Self::Output;
}
