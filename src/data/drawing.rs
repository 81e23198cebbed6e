//! A drawing made into an image as MNIST's are.
//!
//! Reference: Y. LeCun, C. Cortes, C. Burges, <http://yann.lecun.com/exdb/mnist/>: the digits were "size normalized to fit in a
//! 20x20 pixel box while preserving their aspect ratio", grey "as a result of the anti-aliasing technique", and centred "in a
//! 28x28 image by computing the center of mass of the pixels, and translating the image so as to position this point at the
//! center of the 28x28 field".

use super::{IMAGE_SIDE, PIXELS};

/// Side of the square that a digit fills.
const BOX_SIDE: usize = 20;

/// The MNIST image of a grey raster of `width` x `height` pixels, row by row, 0 (paper) to 255 (ink); `None` without ink.
///
/// The ink's bounding box is scaled by area averaging, then moved by whole pixels, so far as it stays within the image.
///
/// # Panics
/// If `ink` is not `width * height` long.
pub fn to_mnist(ink: &[u8], width: usize, height: usize) -> Option<[u8; PIXELS]> {
    assert_eq!(ink.len(), width * height, "a raster of {width} by {height}");
    let inked = |x: usize, y: usize| ink[y * width + x] > 0;
    let top = (0..height).find(|&y| (0..width).any(|x| inked(x, y)))?;
    let bottom = (top..height).rfind(|&y| (0..width).any(|x| inked(x, y)))?;
    let left = (0..width).find(|&x| (top..=bottom).any(|y| inked(x, y)))?;
    let right = (left..width).rfind(|&x| (top..=bottom).any(|y| inked(x, y)))?;

    let (columns, rows) = (right + 1 - left, bottom + 1 - top);
    let scale = columns.max(rows) as f64 / BOX_SIDE as f64;
    let digit = Digit::new(scale, columns, rows, |x, y| f64::from(ink[(top + y) * width + left + x]));
    Some(digit.centred())
}

/// A digit in the top left corner of its 20x20 box.
struct Digit {
    pixels: [[f64; BOX_SIDE]; BOX_SIDE],
    columns: usize,
    rows: usize,
}

impl Digit {
    /// Averages `columns` x `rows` pixels over squares of side `scale`.
    fn new(scale: f64, columns: usize, rows: usize, ink: impl Fn(usize, usize) -> f64) -> Digit {
        let across = overlaps(columns, scale);
        let down = overlaps(rows, scale);
        let mut pixels = [[0.0; BOX_SIDE]; BOX_SIDE];
        let mut line = vec![0.0; columns];
        for (row, sources) in pixels.iter_mut().zip(&down) {
            line.fill(0.0);
            for &(y, share) in sources {
                for (x, sum) in line.iter_mut().enumerate() {
                    *sum += share * ink(x, y);
                }
            }
            for (pixel, sources) in row.iter_mut().zip(&across) {
                *pixel = sources.iter().map(|&(x, share)| share * line[x]).sum();
            }
        }
        Digit { pixels, columns: across.len(), rows: down.len() }
    }

    /// The 28x28 image with the digit's centre of mass at its centre: in the pixel (14, 14), as it is in all of MNIST.
    fn centred(&self) -> [u8; PIXELS] {
        let (mut mass, mut mass_x, mut mass_y) = (0.0, 0.0, 0.0);
        for (y, row) in self.pixels.iter().enumerate() {
            for (x, &pixel) in row.iter().enumerate() {
                mass += pixel;
                mass_x += pixel * (x as f64 + 0.5);
                mass_y += pixel * (y as f64 + 0.5);
            }
        }
        let place = |centre: f64, length: usize| {
            ((IMAGE_SIDE / 2) as f64 - centre.floor()).clamp(0.0, (IMAGE_SIDE - length) as f64) as usize
        };
        let left = place(mass_x / mass, self.columns);
        let top = place(mass_y / mass, self.rows);

        let mut image = [0; PIXELS];
        for (y, row) in self.pixels.iter().enumerate().take(self.rows) {
            for (x, &pixel) in row.iter().enumerate().take(self.columns) {
                image[(top + y) * IMAGE_SIDE + left + x] = pixel.round().clamp(0.0, 255.0) as u8;
            }
        }
        image
    }
}

/// For each interval of length `scale`, the unit intervals among `length` that it overlaps, each with its share of `scale`.
fn overlaps(length: usize, scale: f64) -> Vec<Vec<(usize, f64)>> {
    let count = ((length as f64 / scale).ceil() as usize).clamp(1, BOX_SIDE);
    (0..count)
        .map(|index| {
            let start = index as f64 * scale;
            let end = (start + scale).min(length as f64);
            (start as usize..length.min(end.ceil() as usize))
                .map(|source| {
                    let overlap = end.min(source as f64 + 1.0) - start.max(source as f64);
                    (source, overlap.max(0.0) / scale)
                })
                .collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A raster with rectangles `(left, top, width, height)` of full ink.
    fn raster(width: usize, height: usize, rectangles: &[(usize, usize, usize, usize)]) -> Vec<u8> {
        let mut ink = vec![0; width * height];
        for &(left, top, w, h) in rectangles {
            for y in top..top + h {
                ink[y * width + left..][..w].fill(255);
            }
        }
        ink
    }

    /// `(left, top, right, bottom)` of the ink, inclusive.
    fn bounds(image: &[u8; PIXELS]) -> (usize, usize, usize, usize) {
        let inked = || (0..PIXELS).filter(|&i| image[i] > 0).map(|i| (i % IMAGE_SIDE, i / IMAGE_SIDE));
        (
            inked().map(|p| p.0).min().unwrap(),
            inked().map(|p| p.1).min().unwrap(),
            inked().map(|p| p.0).max().unwrap(),
            inked().map(|p| p.1).max().unwrap(),
        )
    }

    fn centre_of_mass(image: &[u8; PIXELS]) -> (f64, f64) {
        let mass: f64 = image.iter().map(|&p| f64::from(p)).sum();
        let moment = |position: fn(usize) -> usize| {
            (0..PIXELS).map(|i| f64::from(image[i]) * (position(i) as f64 + 0.5)).sum::<f64>() / mass
        };
        (moment(|i| i % IMAGE_SIDE), moment(|i| i / IMAGE_SIDE))
    }

    #[test]
    fn nothing_drawn_is_nothing() {
        assert_eq!(to_mnist(&[0; 600], 30, 20), None);
        assert_eq!(to_mnist(&[], 0, 0), None);
    }

    #[test]
    fn a_square_fills_the_box_wherever_it_was() {
        for (left, top, side) in [(0, 0, 200), (77, 3, 100), (250, 279, 20), (10, 10, 1)] {
            let image = to_mnist(&raster(300, 300, &[(left, top, side, side)]), 300, 300).unwrap();
            assert_eq!(bounds(&image), (4, 4, 23, 23), "{side} at {left}, {top}");
            assert!(image.iter().all(|&pixel| pixel == 0 || pixel == 255));
        }
    }

    #[test]
    fn the_aspect_ratio_stays() {
        let tall = to_mnist(&raster(280, 280, &[(100, 20, 60, 240)]), 280, 280).unwrap();
        assert_eq!(bounds(&tall), (12, 4, 16, 23), "5 by 20 at the centre");
        let line = to_mnist(&raster(280, 280, &[(30, 140, 200, 2)]), 280, 280).unwrap();
        let (left, top, right, bottom) = bounds(&line);
        assert_eq!((right - left + 1, bottom - top + 1), (20, 1));
        assert_eq!(line[top * IMAGE_SIDE + left], 51, "a fifth of the pixel is ink");
    }

    #[test]
    fn the_centre_of_mass_is_at_the_centre() {
        let seven = raster(400, 300, &[(50, 20, 160, 30), (180, 20, 30, 250)]);
        let image = to_mnist(&seven, 400, 300).unwrap();
        let (x, y) = centre_of_mass(&image);
        assert_eq!((x as usize, y as usize), (14, 14), "{x}, {y}");
    }

    #[test]
    fn ink_is_averaged_over_its_area() {
        let checks: Vec<u8> = (0..40 * 40).map(|i| if (i / 40 + i % 40) % 2 == 0 { 255 } else { 0 }).collect();
        let image = to_mnist(&checks, 40, 40).unwrap();
        assert!((0..PIXELS).filter(|&i| image[i] > 0).all(|i| image[i] == 128));
        assert_eq!(image.iter().filter(|&&pixel| pixel > 0).count(), BOX_SIDE * BOX_SIDE);
    }

    #[test]
    fn lopsided_ink_is_not_pushed_out_of_the_image() {
        let lopsided = raster(200, 200, &[(0, 0, 20, 200), (20, 0, 180, 2)]);
        let image = to_mnist(&lopsided, 200, 200).unwrap();
        assert_eq!(bounds(&image).2 - bounds(&image).0, 19);
    }
}
