//! IDX, the file format of MNIST: a big-endian header (magic number, sizes), then bytes.
//!
//! Reference: Y. LeCun, C. Cortes, C. Burges, <http://yann.lecun.com/exdb/mnist/>, "File formats for the MNIST database".

use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::dataset::Dataset;
use super::{IMAGE_SIDE, PIXELS};

/// Unsigned bytes in three dimensions: images, rows, columns.
const IMAGES_MAGIC: u32 = 0x0000_0803;
/// Unsigned bytes in one dimension.
const LABELS_MAGIC: u32 = 0x0000_0801;

/// Why an IDX file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum IdxError {
    #[error("the magic number is {found:#010x} where {expected:#010x} is expected")]
    Magic { found: u32, expected: u32 },
    #[error("the images are {rows} by {columns} pixels where 28 by 28 is expected")]
    Size { rows: u32, columns: u32 },
    #[error("the file ends after {found} of {expected} bytes")]
    Truncated { found: u64, expected: u64 },
    #[error("{extra} bytes follow the {expected} that the header announces")]
    TrailingBytes { extra: u64, expected: u64 },
    #[error("there are {labels} labels for {images} images")]
    Counts { images: usize, labels: usize },
    #[error("label {index} is {label}, not a digit")]
    Label { index: u64, label: u8 },
}

/// Grey images of 28x28 pixels, 0 (paper) to 255 (ink). Clones and slices share the pixels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Images {
    pixels: Arc<[u8]>,
    range: Range<usize>,
}

impl Images {
    /// Number of images.
    pub fn count(&self) -> usize {
        self.range.len()
    }

    /// The 784 bytes of image `index`, row by row.
    ///
    /// # Panics
    /// If `index` is not below [`count`](Self::count).
    pub fn pixels(&self, index: usize) -> &[u8] {
        assert!(index < self.count(), "image {index} of {}", self.count());
        &self.pixels[(self.range.start + index) * PIXELS..][..PIXELS]
    }

    /// The images of `range`, cut off at the last one.
    pub fn slice(&self, range: Range<usize>) -> Images {
        let end = range.end.min(self.count());
        let start = range.start.min(end);
        Images { pixels: self.pixels.clone(), range: self.range.start + start..self.range.start + end }
    }
}

/// Pixels scaled to [0, 1].
impl Dataset for Images {
    fn count(&self) -> usize {
        self.count()
    }

    fn width(&self) -> usize {
        PIXELS
    }

    fn read(&self, index: usize, row: &mut [f32]) {
        for (value, &byte) in row.iter_mut().zip(self.pixels(index)) {
            *value = f32::from(byte) / 255.0;
        }
    }
}

/// Reads an unpacked image file (magic number 2051).
///
/// # Errors
/// Refuses another magic number, images of another size than 28x28, and a file that is shorter or longer than its header says.
pub fn parse_images(file: &[u8]) -> Result<Images, IdxError> {
    let [count, rows, columns] = header(file, IMAGES_MAGIC)?;
    if (rows as usize, columns as usize) != (IMAGE_SIDE, IMAGE_SIDE) {
        return Err(IdxError::Size { rows, columns });
    }
    let pixels = body(file, 16, u64::from(count) * PIXELS as u64)?;
    Ok(Images { pixels: pixels.into(), range: 0..count as usize })
}

/// Reads an unpacked label file (magic number 2049): digits, 0 to 9.
///
/// # Errors
/// Refuses another magic number, a label above 9, and a file that is shorter or longer than its header says.
pub fn parse_labels(file: &[u8]) -> Result<Vec<u8>, IdxError> {
    let [count] = header(file, LABELS_MAGIC)?;
    let labels = body(file, 8, u64::from(count))?;
    match labels.iter().position(|&label| label > 9) {
        Some(index) => Err(IdxError::Label { index: index as u64, label: labels[index] }),
        None => Ok(labels.to_vec()),
    }
}

fn header<const SIZES: usize>(file: &[u8], magic: u32) -> Result<[u32; SIZES], IdxError> {
    let word = |index: usize| {
        let bytes = file
            .get(4 * index..4 * index + 4)
            .ok_or(IdxError::Truncated { found: file.len() as u64, expected: 4 * (1 + SIZES as u64) })?;
        Ok(u32::from_be_bytes(bytes.try_into().expect("four bytes")))
    };
    let found = word(0)?;
    if found != magic {
        return Err(IdxError::Magic { found, expected: magic });
    }
    let mut sizes = [0; SIZES];
    for (index, size) in sizes.iter_mut().enumerate() {
        *size = word(1 + index)?;
    }
    Ok(sizes)
}

fn body(file: &[u8], start: usize, length: u64) -> Result<&[u8], IdxError> {
    let found = file.len() as u64;
    let expected = start as u64 + length;
    match found.cmp(&expected) {
        std::cmp::Ordering::Less => Err(IdxError::Truncated { found, expected }),
        std::cmp::Ordering::Greater => Err(IdxError::TrailingBytes { extra: found - expected, expected }),
        std::cmp::Ordering::Equal => Ok(&file[start..]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(words: &[u32], bytes: usize) -> Vec<u8> {
        let mut file: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
        file.extend((0..bytes).map(|byte| (byte % 10) as u8));
        file
    }

    #[test]
    fn reads_images_and_labels() {
        let images = parse_images(&file(&[2051, 3, 28, 28], 3 * PIXELS)).unwrap();
        assert_eq!(images.count(), 3);
        assert_eq!(images.pixels(1)[0], (PIXELS % 10) as u8);
        assert_eq!(parse_labels(&file(&[2049, 4], 4)).unwrap(), [0, 1, 2, 3]);
    }

    #[test]
    fn slices_share_and_stop_at_the_end() {
        let images = parse_images(&file(&[2051, 3, 28, 28], 3 * PIXELS)).unwrap();
        let last = images.slice(1..3).slice(1..9);
        assert_eq!(last.count(), 1);
        assert_eq!(last.pixels(0), images.pixels(2));
        assert_eq!(images.slice(5..9).count(), 0);
    }

    #[test]
    fn scales_pixels_to_the_unit_interval() {
        let mut bytes = file(&[2051, 1, 28, 28], PIXELS);
        bytes[16] = 255;
        let mut row = [0.0; PIXELS];
        parse_images(&bytes).unwrap().read(0, &mut row);
        assert_eq!(row[0], 1.0);
        assert_eq!(row[2], 2.0 / 255.0);
    }

    #[test]
    fn refuses_what_is_not_the_format() {
        let bad = [
            (file(&[2049, 3, 28, 28], 3 * PIXELS), IdxError::Magic { found: 2049, expected: 2051 }),
            (file(&[2051, 3, 28, 29], 3 * PIXELS), IdxError::Size { rows: 28, columns: 29 }),
            (file(&[2051, 3, 28, 28], 3 * PIXELS - 1), IdxError::Truncated { found: 2367, expected: 2368 }),
            (file(&[2051, 3, 28, 28], 3 * PIXELS + 2), IdxError::TrailingBytes { extra: 2, expected: 2368 }),
            (file(&[2051, 3], 0), IdxError::Truncated { found: 8, expected: 16 }),
            (
                file(&[2051, u32::MAX, 28, 28], 0),
                IdxError::Truncated { found: 16, expected: 16 + u64::from(u32::MAX) * 784 },
            ),
            (vec![], IdxError::Truncated { found: 0, expected: 16 }),
        ];
        for (bytes, error) in bad {
            assert_eq!(parse_images(&bytes), Err(error));
        }
    }

    #[test]
    fn refuses_labels_that_are_no_digits() {
        let mut bytes = file(&[2049, 4], 4);
        bytes[10] = 10;
        assert_eq!(parse_labels(&bytes), Err(IdxError::Label { index: 2, label: 10 }));
        assert_eq!(parse_labels(&bytes[..11]), Err(IdxError::Truncated { found: 11, expected: 12 }));
    }
}
