//! Pictures one after another as an animated GIF.

use std::time::Duration;

use gif::{Encoder, Frame, Repeat};

use crate::data::IMAGE_SIDE;
use crate::protocol::Image;

/// How many times as large as a model's the pictures of a film are.
const SCALE: usize = 8;

/// The 28x28 `images`, each for as long as `shown` and enlarged, as a GIF that begins again and again; None where there are none.
pub fn to_gif(images: &[Image], shown: Duration) -> Option<Vec<u8>> {
    let side = (IMAGE_SIDE * SCALE) as u16;
    // As many greys as a GIF has colours.
    let greys: Vec<u8> = (0..=255).flat_map(|grey| [grey; 3]).collect();
    let mut film = Vec::new();
    let mut encoder = Encoder::new(&mut film, side, side, &greys).ok()?;
    encoder.set_repeat(Repeat::Infinite).ok()?;
    for image in images {
        let mut frame = Frame::from_indexed_pixels(side, side, enlarge(image), None);
        frame.delay = (shown.as_millis() / 10) as u16;
        encoder.write_frame(&frame).ok()?;
    }
    drop(encoder);
    (!images.is_empty()).then_some(film)
}

fn enlarge(image: &[u8]) -> Vec<u8> {
    let row = |row: &[u8]| row.iter().flat_map(|&pixel| [pixel; SCALE]).collect::<Vec<u8>>().repeat(SCALE);
    image.chunks(IMAGE_SIDE).flat_map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::PIXELS;

    #[test]
    fn a_film_holds_its_pictures() {
        let images: Vec<Image> = [0, 90, 255].map(|grey| vec![grey; PIXELS]).into();
        let film = to_gif(&images, Duration::from_millis(80)).expect("a film");
        let mut decoder = gif::DecodeOptions::new().read_info(&*film).expect("a GIF");
        let mut greys = Vec::new();
        while let Some(frame) = decoder.read_next_frame().expect("a picture") {
            assert_eq!((frame.width, frame.height, frame.delay), (224, 224, 8));
            assert!(frame.buffer.iter().all(|&pixel| pixel == frame.buffer[0]));
            greys.push(frame.buffer[0]);
        }
        assert_eq!(greys, [0, 90, 255]);
        assert_eq!(to_gif(&[], Duration::ZERO), None);
    }
}
