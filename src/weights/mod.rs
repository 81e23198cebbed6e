//! Weights as safetensors files: each tensor is named by its path in the module (`encoder.layers.0.weight`), row-major, float16,
//! float32, or int8 with a scale for each column (`encoder.layers.0.weight.scale`). The weight of a linear layer is
//! `[inputs, outputs]` (y = x W + b, the transpose of PyTorch's), its bias `[outputs]`.

pub use crate::protocol::WeightsError;

#[cfg(feature = "engine")]
mod file;
#[cfg(feature = "engine")]
pub use file::{
    DeviceError, Metadata, Precision, Tensors, apply, collect, load, read_metadata, read_tensors, to_bytes, write,
};
#[cfg(feature = "engine")]
mod embedded_config;
#[cfg(feature = "engine")]
mod int8;
#[cfg(feature = "engine")]
pub use embedded_config::{SETTINGS, load_own, metadata};
#[cfg(feature = "engine")]
mod trained_model;
#[cfg(feature = "engine")]
pub use trained_model::{Origin, SEED, TrainedModel, WithWeights, to_json};
