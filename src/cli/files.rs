//! Where the trainer's files lie.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::figures::Examples;
use crate::data::idx::{Images, parse_images};
use crate::data::plane::{PLANES, Plane};
use crate::data::split::split;
use crate::protocol::ModelId;
use crate::protocol::card::Card;
use crate::protocol::comparison::{Comparison, Comparisons};

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

    pub fn weights(&self) -> PathBuf {
        self.output.join(format!("{}.safetensors", self.model.name()))
    }

    pub fn card(&self) -> PathBuf {
        self.output.join(format!("{}.json", self.model.name()))
    }

    /// One file for all models.
    pub fn comparisons(&self) -> PathBuf {
        self.output.join("comparisons.json")
    }

    pub fn snapshot(&self) -> PathBuf {
        self.run.join("snapshot.safetensors")
    }

    pub fn train_images(&self) -> Result<Images, FileError> {
        train_images(&self.data)
    }

    pub fn test_images(&self) -> Result<Images, FileError> {
        test_images(&self.data)
    }

    /// The images to train on, without those that choose settings, and the test images.
    pub fn digits(&self) -> Result<Examples<Images>, FileError> {
        digits(&self.data)
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
            Err(error) => Err(problem(&path, error)),
        }
    }

    pub fn save_snapshot(&self, bytes: &[u8]) -> Result<(), FileError> {
        replace(&self.snapshot(), bytes)
    }

    pub fn remove_snapshot(&self) -> Result<(), FileError> {
        let path = self.snapshot();
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(problem(&path, error)),
            _ => Ok(()),
        }
    }

    pub fn save_model(&self, weights: &[u8], card: &Card) -> Result<(), FileError> {
        replace(&self.weights(), weights)?;
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
pub fn digits(data: &Path) -> Result<Examples<Images>, FileError> {
    let (train, _) = split(&train_images(data)?);
    Ok(Examples { train, test: test_images(data)? })
}

/// Points to train on, and other points about the same plane.
pub fn plane() -> Examples<Plane> {
    let [train, test] = PLANES.map(Plane::new);
    Examples { train, test }
}

fn train_images(data: &Path) -> Result<Images, FileError> {
    images(&data.join("train-images-idx3-ubyte.gz"))
}

fn test_images(data: &Path) -> Result<Images, FileError> {
    images(&data.join("t10k-images-idx3-ubyte.gz"))
}

fn images(path: &Path) -> Result<Images, FileError> {
    let mut bytes = Vec::new();
    GzDecoder::new(read(path)?.as_slice()).read_to_end(&mut bytes).map_err(|error| problem(path, error))?;
    parse_images(&bytes).map_err(|error| problem(path, error))
}

fn read(path: &Path) -> Result<Vec<u8>, FileError> {
    fs::read(path).map_err(|error| problem(path, error))
}

fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T, FileError> {
    serde_json::from_slice(&read(path)?).map_err(|error| problem(path, error))
}

fn replace_json(path: &Path, value: &impl Serialize) -> Result<(), FileError> {
    let mut json = serde_json::to_string_pretty(value).map_err(|error| problem(path, error))?;
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
    write().map_err(|error: io::Error| problem(path, error))
}

fn problem(path: &Path, reason: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> FileError {
    FileError { path: path.into(), reason: reason.into() }
}
