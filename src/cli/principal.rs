//! `train --pca`: the principal components of the training images, as a file.

use std::error::Error;
use std::path::Path;

use burn::tensor::Device;
use futures::executor::block_on;

use super::files::{self, replace};
use crate::analysis::pca::{Moments, Pca};
use crate::analysis::principal::{COMPONENTS, PrincipalComponents};
use crate::weights::{self, Precision};

/// The file's name.
pub const FILE: &str = "pca.safetensors";

/// Writes the first principal components of the images to train on in `data`, rounded to float16, into `output`.
///
/// # Errors
/// If the images cannot be read, or the file cannot be written.
pub fn write(data: &Path, output: &Path) -> Result<(), Box<dyn Error>> {
    let pca = Pca::fit(&Moments::of(&files::digits(data)?.0));
    let components = PrincipalComponents::from_pca(&pca, COMPONENTS, &Device::flex());
    let file = block_on(weights::to_bytes(&components, Precision::Half, None))?;
    let path = output.join(FILE);
    replace(&path, &file)?;
    println!("Wrote {} ({} bytes).", path.display(), file.len());
    Ok(())
}
