//! `train --test-digits`: the first of the test images as files of their own, which a page that only shows digits needs.

use std::error::Error;
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::files::{TEST_SET, idx_files, replace, unpacked};
use crate::data::PIXELS;

/// What the names of the two files begin with.
const SET: &str = "test-digits";
/// Images in them: at least forty of each digit.
const COUNT: u32 = 500;

/// Writes the first images of the test set and their labels into the folder `data`, where the whole set lies.
///
/// # Errors
/// If the test set cannot be read, or a file cannot be written.
pub fn write(data: &Path) -> Result<(), Box<dyn Error>> {
    let [images, labels] = idx_files(data, TEST_SET);
    let [first_images, first_labels] = idx_files(data, SET);
    for (from, to, header, width) in [(images, first_images, 16, PIXELS), (labels, first_labels, 8, 1)] {
        let file = first(&unpacked(&from)?, header, width).ok_or_else(|| format!("{} is too short", from.display()))?;
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        packed.write_all(&file)?;
        let packed = packed.finish()?;
        replace(&to, &packed)?;
        println!("Wrote {} ({} bytes).", to.display(), packed.len());
    }
    Ok(())
}

/// The first [`COUNT`] items of an IDX file, each `width` bytes, after a header of so many bytes; None where it has fewer.
fn first(file: &[u8], header: usize, width: usize) -> Option<Vec<u8>> {
    let mut first = file.get(..header + COUNT as usize * width)?.to_vec();
    first[4..8].copy_from_slice(&COUNT.to_be_bytes());
    Some(first)
}
