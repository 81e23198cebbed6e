//! Reading and writing the files. burn-store reads tensors synchronously, which WebGPU in a browser does not allow.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{DType, Tensor, TensorData, Transaction};
use half::f16;
use safetensors::tensor::{Dtype, Metadata as Header, SafeTensors, View};

use super::WeightsError;

/// Tensors by name, in float32.
pub type Tensors = BTreeMap<String, TensorData>;

/// What a file says about itself, beside its tensors.
pub type Metadata = HashMap<String, String>;

/// The device did not give its tensors back.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the device failed: {0}")]
pub struct DeviceError(pub String);

/// How numbers are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// Rounded to float16: half the size.
    Half,
    Single,
}

/// The safetensors file of a module's parameters.
///
/// # Errors
/// If the device does not give them back.
pub async fn to_bytes<M: Module>(
    module: &M,
    precision: Precision,
    metadata: Option<Metadata>,
) -> Result<Vec<u8>, DeviceError> {
    Ok(write(&collect(module).await?, precision, metadata))
}

/// `module` with the parameters of a safetensors file. The whole file is checked before any of them is replaced.
///
/// # Errors
/// Refuses files that are truncated or of another format, and tensors that are missing, unknown, of another shape, of another
/// type than F16 and F32, or not finite.
pub fn load<M: Module>(module: M, file: &[u8]) -> Result<M, WeightsError> {
    apply(module, read_tensors(file)?)
}

/// The parameters of a module, read in one transaction.
///
/// # Errors
/// If the device does not give them back.
pub async fn collect<M: Module>(module: &M) -> Result<Tensors, DeviceError> {
    let mut visitor = Collect::default();
    module.visit(&mut visitor);
    let data = visitor.transaction.execute_async().await.map_err(|error| DeviceError(error.to_string()))?;
    Ok(visitor.names.into_iter().zip(data).map(|(name, data)| (name, data.convert::<f32>())).collect())
}

/// `module` with the parameters `tensors`.
///
/// # Errors
/// Refuses tensors that are missing, unknown or of another shape.
pub fn apply<M: Module>(module: M, tensors: Tensors) -> Result<M, WeightsError> {
    let mut shapes = Shapes::default();
    module.visit(&mut shapes);
    for (tensor, expected) in &shapes.shapes {
        let found = tensors.get(tensor).ok_or_else(|| WeightsError::Missing { tensor: tensor.clone() })?;
        if found.shape().as_slice() != expected.as_slice() {
            return Err(WeightsError::Shape {
                tensor: tensor.clone(),
                found: found.shape().to_vec(),
                expected: expected.clone(),
            });
        }
    }
    if let Some(tensor) = tensors.keys().find(|name| !shapes.shapes.contains_key(*name)) {
        return Err(WeightsError::Unexpected { tensor: tensor.clone() });
    }
    Ok(module.map(&mut Apply { path: Vec::new(), tensors }))
}

/// A safetensors file.
pub fn write(tensors: &Tensors, precision: Precision, metadata: Option<Metadata>) -> Vec<u8> {
    let views = tensors.iter().map(|(name, data)| (name, Stored::new(data, precision)));
    safetensors::serialize(views, metadata.map(|metadata| metadata.into_iter().collect()))
        .expect("every tensor is as long as its shape says")
}

/// The tensors of a safetensors file, widened to float32.
///
/// # Errors
/// Refuses files that are truncated or of another format, and tensors of another type than F16 and F32 or not finite.
pub fn read_tensors(file: &[u8]) -> Result<Tensors, WeightsError> {
    let tensors = parse(file)?;
    tensors
        .iter()
        .map(|(name, view)| Ok((name.to_string(), widen(name, view.dtype(), view.shape(), view.data())?)))
        .collect()
}

/// What a safetensors file says about itself; empty where it says nothing.
///
/// # Errors
/// Refuses files that are truncated or of another format.
pub fn read_metadata(file: &[u8]) -> Result<Metadata, WeightsError> {
    parse(file)?;
    let (_, header) = SafeTensors::read_metadata(file).map_err(not_safetensors)?;
    Ok(header.metadata().iter().flatten().map(|(key, value)| (key.clone(), value.clone())).collect())
}

fn parse(file: &[u8]) -> Result<SafeTensors<'_>, WeightsError> {
    SafeTensors::deserialize(file).map_err(|error| truncated(file).unwrap_or_else(|| not_safetensors(error)))
}

/// That the file is shorter than its header says, where it is.
fn truncated(file: &[u8]) -> Option<WeightsError> {
    let (length, rest) = file.split_first_chunk()?;
    let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
    let header: Header = serde_json::from_slice(rest.get(..length)?).ok()?;
    let (found, expected) = (file.len() as u64, (size_of::<u64>() + length + header.data_len()) as u64);
    (found < expected).then_some(WeightsError::Truncated { found, expected })
}

fn not_safetensors(error: safetensors::SafeTensorError) -> WeightsError {
    WeightsError::NotSafetensors { reason: error.to_string() }
}

fn widen(name: &str, dtype: Dtype, shape: &[usize], bytes: &[u8]) -> Result<TensorData, WeightsError> {
    let values: Vec<f32> = match dtype {
        Dtype::F16 => bytes.as_chunks().0.iter().map(|&b| f16::from_le_bytes(b).to_f32()).collect(),
        Dtype::F32 => bytes.as_chunks().0.iter().map(|&b| f32::from_le_bytes(b)).collect(),
        other => return Err(WeightsError::Dtype { tensor: name.to_string(), found: format!("{other:?}") }),
    };
    match values.iter().position(|value| !value.is_finite()) {
        Some(index) => Err(WeightsError::NotFinite { tensor: name.to_string(), index }),
        None => Ok(TensorData::new(values, shape)),
    }
}

/// A tensor as the file stores it: little-endian.
struct Stored {
    dtype: Dtype,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

impl Stored {
    fn new(data: &TensorData, precision: Precision) -> Stored {
        debug_assert_eq!(data.dtype(), DType::F32);
        let values = data.as_slice::<f32>().expect("collected tensors are float32").iter();
        let (dtype, bytes) = match precision {
            Precision::Half => (Dtype::F16, values.flat_map(|&v| f16::from_f32(v).to_le_bytes()).collect()),
            Precision::Single => (Dtype::F32, values.flat_map(|v| v.to_le_bytes()).collect()),
        };
        Stored { dtype, shape: data.shape().to_vec(), bytes }
    }
}

impl View for Stored {
    fn dtype(&self) -> Dtype {
        self.dtype
    }

    fn shape(&self) -> &[usize] {
        &self.shape
    }

    fn data(&self) -> Cow<'_, [u8]> {
        (&self.bytes).into()
    }

    fn data_len(&self) -> usize {
        self.bytes.len()
    }
}

#[derive(Default)]
struct Collect {
    path: Vec<String>,
    names: Vec<String>,
    transaction: Transaction,
}

impl ModuleVisitor for Collect {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.to_string());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.names.push(self.path.join("."));
        self.transaction = std::mem::take(&mut self.transaction).register(param.val().inner());
    }
}

#[derive(Default)]
struct Shapes {
    path: Vec<String>,
    shapes: BTreeMap<String, Vec<usize>>,
}

impl ModuleVisitor for Shapes {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.to_string());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.shapes.insert(self.path.join("."), param.lazy_shape().to_vec());
    }
}

struct Apply {
    path: Vec<String>,
    tensors: Tensors,
}

impl ModuleMapper for Apply {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.to_string());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let data = self.tensors.remove(&self.path.join(".")).expect("every parameter was checked to be there");
        let (id, device) = (param.id, param.lazy_device());
        param.transform_for_load(Tensor::from_data(data, &device), id)
    }
}
