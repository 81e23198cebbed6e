//! Where the trainer's files lie.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use flate2::read::GzDecoder;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::data::dataset::Dataset;
use crate::data::labelled::{LabelledImages, SetError};
use crate::data::plane::{PLANES, Plane};
use crate::data::split::split;
use crate::protocol::ModelId;
use crate::protocol::comparison::{Comparison, Comparisons};
use crate::protocol::{Card, ExampleKind};

/// What the names of the test set's files begin with.
pub(super) const TEST_SET: &str = "t10k";

/// What a model learns from, and what it is measured on.
#[derive(Clone)]
pub struct Examples {
    pub train: Rc<dyn Dataset>,
    /// Images to choose settings by; none of points.
    pub validation: Option<Rc<dyn Dataset>>,
    pub test: Rc<dyn Dataset>,
}

/// The files of one model.
#[derive(Clone, Debug)]
pub struct Files {
    model: ModelId,
    data: PathBuf,
    output: PathBuf,
    run: PathBuf,
}

/// A file that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{}: {reason}", path.display())]
pub struct FileError {
    pub path: PathBuf,
    pub reason: Box<dyn std::error::Error + Send + Sync>,
}

impl Files {
    /// MNIST in `data`, weights and cards in `output`, interrupted runs in `runs`.
    pub fn new(model: ModelId, data: &Path, output: &Path, runs: &Path) -> Files {
        Files { model, data: data.into(), output: output.into(), run: runs.join(model.name()) }
    }

    /// The folder of MNIST's files.
    pub fn data(&self) -> &Path {
        &self.data
    }

    pub fn weights(&self) -> PathBuf {
        self.output.join(format!("{}.safetensors", self.model.name()))
    }

    pub fn card(&self) -> PathBuf {
        self.output.join(format!("{}.json", self.model.name()))
    }

    /// The picture of this name.
    pub fn picture(&self, name: &str) -> PathBuf {
        self.output.join("pictures").join(format!("{name}.png"))
    }

    /// One file for all models.
    pub fn comparisons(&self) -> PathBuf {
        self.output.join("comparisons.json")
    }

    pub fn snapshot(&self) -> PathBuf {
        self.run.join("snapshot.safetensors")
    }

    /// Images to train on, those that choose settings, and the test images; or points, and others about the same plane.
    pub fn examples(&self, kind: ExampleKind) -> Result<Examples, FileError> {
        match kind {
            ExampleKind::Digits => {
                let (train, validation, test) = sets(&self.data)?;
                Ok(Examples { train: Rc::new(train), validation: Some(Rc::new(validation)), test: Rc::new(test) })
            }
            ExampleKind::Plane => {
                let [train, test] = PLANES.map(Plane::new);
                Ok(Examples { train: Rc::new(train), validation: None, test: Rc::new(test) })
            }
        }
    }

    pub fn read_weights(&self) -> Result<Vec<u8>, FileError> {
        read(&self.weights())
    }

    pub fn read_card(&self) -> Result<Card, FileError> {
        read_json(&self.card())
    }

    /// Those of all models; none where there is no such file.
    pub fn read_comparisons(&self) -> Result<Comparisons, FileError> {
        let path = self.comparisons();
        if path.exists() { read_json(&path) } else { Ok(Comparisons::new()) }
    }

    /// The interrupted run, if there is one.
    pub fn read_snapshot(&self) -> Result<Option<Vec<u8>>, FileError> {
        let path = self.snapshot();
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(unusable(&path, error)),
        }
    }

    pub fn save_snapshot(&self, bytes: &[u8]) -> Result<(), FileError> {
        replace(&self.snapshot(), bytes)
    }

    pub fn remove_snapshot(&self) -> Result<(), FileError> {
        let path = self.snapshot();
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(unusable(&path, error)),
            _ => Ok(()),
        }
    }

    pub fn save_model(&self, weights: &[u8], card: &Card) -> Result<(), FileError> {
        replace(&self.weights(), weights)?;
        self.save_card(card)
    }

    pub fn save_card(&self, card: &Card) -> Result<(), FileError> {
        replace_json(&self.card(), card)
    }

    /// Puts the model's comparison in place of its earlier one.
    pub fn save_comparison(&self, comparison: Comparison) -> Result<(), FileError> {
        let mut comparisons = self.read_comparisons()?;
        comparisons.insert(self.model, comparison);
        replace_json(&self.comparisons(), &comparisons)
    }
}

/// MNIST's images of the folder `data` to train on, without those that choose settings, and its test images.
pub fn digits(data: &Path) -> Result<(LabelledImages, LabelledImages), FileError> {
    let (train, _, test) = sets(data)?;
    Ok((train, test))
}

/// MNIST's images of the folder `data`: to train on, to choose settings by, to measure.
pub fn sets(data: &Path) -> Result<(LabelledImages, LabelledImages, LabelledImages), FileError> {
    let (train, validation) = split(&images(data, "train")?);
    Ok((train, validation, images(data, TEST_SET)?))
}

/// MNIST's images of one set, and their digits.
fn images(data: &Path, set: &str) -> Result<LabelledImages, FileError> {
    let [images, labels] = idx_files(data, set);
    LabelledImages::parse(&unpacked(&images)?, &unpacked(&labels)?).map_err(|error| match error {
        SetError::Images(error) => unusable(&images, error),
        SetError::Labels(error) => unusable(&labels, error),
    })
}

/// Where the images of a set lie, and their labels.
pub(super) fn idx_files(data: &Path, set: &str) -> [PathBuf; 2] {
    ["images-idx3", "labels-idx1"].map(|kind| data.join(format!("{set}-{kind}-ubyte.gz")))
}

/// A gzip file, unpacked.
pub(super) fn unpacked(path: &Path) -> Result<Vec<u8>, FileError> {
    let mut bytes = Vec::new();
    GzDecoder::new(read(path)?.as_slice()).read_to_end(&mut bytes).map_err(|error| unusable(path, error))?;
    Ok(bytes)
}

pub(super) fn read(path: &Path) -> Result<Vec<u8>, FileError> {
    fs::read(path).map_err(|error| unusable(path, error))
}

pub(super) fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T, FileError> {
    serde_json::from_slice(&read(path)?).map_err(|error| unusable(path, error))
}

pub(super) fn replace_json(path: &Path, value: &impl Serialize) -> Result<(), FileError> {
    let mut json = serde_json::to_string_pretty(value).map_err(|error| unusable(path, error))?;
    json.push('\n');
    replace(path, json.as_bytes())
}

/// Writes a file whole or not at all.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let write = || {
        path.parent().map_or(Ok(()), fs::create_dir_all)?;
        let part = path.with_extension("part");
        fs::write(&part, bytes)?;
        fs::rename(part, path)
    };
    write().map_err(|error: io::Error| unusable(path, error))
}

fn unusable(path: &Path, reason: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> FileError {
    FileError { path: path.into(), reason: reason.into() }
}
