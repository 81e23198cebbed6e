//! Reading and writing the files. burn-store reads tensors synchronously, which WebGPU in a browser does not allow.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{DType, Tensor, TensorData, Transaction};
use half::f16;
use safetensors::tensor::{Dtype, Metadata as Header, SafeTensors, TensorView, View};

use super::WeightsError;
use super::int8::{dequantise, quantise, scale_of, scaled_by};

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
    /// Large matrices rounded to 255 levels in each column, all else to float16: a quarter of the size.
    Int8,
    /// Rounded to float16: half the size.
    Half,
    Single,
}

/// Matrices of fewer numbers stay float16 among int8: they weigh little, and around a narrow code rounding costs the most.
const LEAST_OF_INT8: usize = 1 << 14;

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
/// Refuses files that are truncated or of another format, tensors that are missing, unknown, of another shape, of another type
/// than I8, F16 and F32, or not finite, and scales of I8 that are missing, unknown, of another shape, negative, or 0 in vain.
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
    visitor.read().await
}

/// `module` with the parameters `tensors`.
///
/// # Errors
/// Refuses tensors that are missing, unknown or of another shape.
pub fn apply<M: Module>(module: M, tensors: Tensors) -> Result<M, WeightsError> {
    let mut shapes = Shapes::default();
    module.visit(&mut shapes);
    shapes.check(&tensors)?;
    Ok(module.map(&mut Apply { path: Vec::new(), tensors }))
}

/// A safetensors file.
pub fn write(tensors: &Tensors, precision: Precision, metadata: Option<Metadata>) -> Vec<u8> {
    let mut stored = Vec::new();
    for (name, data) in tensors {
        Stored::add(&mut stored, name, data, precision);
    }
    safetensors::serialize(stored, metadata.map(|metadata| metadata.into_iter().collect()))
        .expect("every tensor is as long as its shape says")
}

/// The tensors of a safetensors file, widened to float32.
///
/// # Errors
/// As [`load`]; scales of no I8 tensor are tensors like others.
pub fn read_tensors(file: &[u8]) -> Result<Tensors, WeightsError> {
    let file = parse(file)?;
    let is_int8 = |name: &str| file.tensor(name).is_ok_and(|tensor| tensor.dtype() == Dtype::I8);
    let mut tensors = Tensors::new();
    for (name, tensor) in file.iter().filter(|(name, _)| !scaled_by(name).is_some_and(is_int8)) {
        tensors.insert(name.to_string(), widen(&file, name, &tensor)?);
    }
    Ok(tensors)
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

/// The tensor `name` of `file` in float32.
fn widen(file: &SafeTensors, name: &str, tensor: &TensorView) -> Result<TensorData, WeightsError> {
    let values = match tensor.dtype() {
        Dtype::I8 => finite(name, dequantise(name, tensor.data(), &scales(file, name, tensor.shape())?)?)?,
        _ => floats(name, tensor)?,
    };
    Ok(TensorData::new(values, tensor.shape()))
}

fn floats(name: &str, tensor: &TensorView) -> Result<Vec<f32>, WeightsError> {
    let bytes = tensor.data();
    let values = match tensor.dtype() {
        Dtype::F16 => bytes.as_chunks().0.iter().map(|&b| f16::from_le_bytes(b).to_f32()).collect(),
        Dtype::F32 => bytes.as_chunks().0.iter().map(|&b| f32::from_le_bytes(b)).collect(),
        other => return Err(WeightsError::Dtype { tensor: name.to_string(), found: format!("{other:?}") }),
    };
    finite(name, values)
}

fn finite(name: &str, values: Vec<f32>) -> Result<Vec<f32>, WeightsError> {
    match values.iter().position(|value| !value.is_finite()) {
        Some(index) => Err(WeightsError::NotFinite { tensor: name.to_string(), index }),
        None => Ok(values),
    }
}

/// The scales of the tensor `name`, one for each of its columns.
fn scales(file: &SafeTensors, name: &str, shape: &[usize]) -> Result<Vec<f32>, WeightsError> {
    let tensor = scale_of(name);
    let Ok(found) = file.tensor(&tensor) else { return Err(WeightsError::Missing { tensor }) };
    let expected = shape.iter().rev().take(1).copied().collect::<Vec<_>>();
    if found.shape() != expected {
        return Err(WeightsError::Shape { tensor, found: found.shape().to_vec(), expected });
    }
    floats(&tensor, &found)
}

/// A tensor as the file stores it: little-endian.
struct Stored {
    dtype: Dtype,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

impl Stored {
    /// Adds the tensor `name`, and its scales where it has any.
    fn add(stored: &mut Vec<(String, Stored)>, name: &str, data: &TensorData, precision: Precision) {
        debug_assert_eq!(data.dtype(), DType::F32);
        let values = data.as_slice::<f32>().expect("collected tensors are float32");
        let shape = data.shape().to_vec();
        let tensor = match (precision, &shape[..]) {
            (Precision::Int8, &[rows, columns]) if rows * columns >= LEAST_OF_INT8 => {
                let (levels, scales) = quantise(values, columns);
                stored.push((scale_of(name), Stored::single(vec![columns], &scales)));
                Stored { dtype: Dtype::I8, shape, bytes: levels.into_iter().map(|level| level as u8).collect() }
            }
            (Precision::Int8 | Precision::Half, _) => {
                let bytes = values.iter().flat_map(|&value| f16::from_f32(value).to_le_bytes()).collect();
                Stored { dtype: Dtype::F16, shape, bytes }
            }
            (Precision::Single, _) => Stored::single(shape, values),
        };
        stored.push((name.to_string(), tensor));
    }

    fn single(shape: Vec<usize>, values: &[f32]) -> Stored {
        Stored { dtype: Dtype::F32, shape, bytes: values.iter().flat_map(|value| value.to_le_bytes()).collect() }
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

// What does not depend on the module stands apart: it is compiled once, and not for every model.
impl Collect {
    async fn read(self) -> Result<Tensors, DeviceError> {
        let data = self.transaction.execute_async().await.map_err(|error| DeviceError(error.to_string()))?;
        Ok(self.names.into_iter().zip(data).map(|(name, data)| (name, data.convert::<f32>())).collect())
    }
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

impl Shapes {
    /// Refuses tensors that are missing, unknown or of another shape.
    fn check(&self, tensors: &Tensors) -> Result<(), WeightsError> {
        for (tensor, expected) in &self.shapes {
            let found = tensors.get(tensor).ok_or_else(|| WeightsError::Missing { tensor: tensor.clone() })?;
            if found.shape().as_slice() != expected.as_slice() {
                return Err(WeightsError::Shape {
                    tensor: tensor.clone(),
                    found: found.shape().to_vec(),
                    expected: expected.clone(),
                });
            }
        }
        match tensors.keys().find(|name| !self.shapes.contains_key(*name)) {
            Some(tensor) => Err(WeightsError::Unexpected { tensor: tensor.clone() }),
            None => Ok(()),
        }
    }
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
