//! A drawing in a link: a test digit by its number, or the image itself as text.

use crate::data::PIXELS;
use crate::protocol::Image;

/// The name of a test digit in links: `digit=4`, `digit=4-17`.
pub const DIGIT: &str = "digit";
/// The name of an image in links.
pub const DRAWING: &str = "drawing";

/// Levels of grey that a link holds: a hexadecimal digit for each pixel.
const STEP: u8 = 17;
/// The longest run of blank pixels that one pair of digits holds.
const LONGEST: usize = 16;

/// Reads `4-17`, the 17th test image of a 4; without a number, the first.
pub fn parse_digit(text: &str) -> Option<(u8, u32)> {
    let (digit, nth) = text.split_once('-').unwrap_or((text, "0"));
    Some((digit.parse().ok().filter(|digit| *digit < 10)?, nth.parse().ok()?))
}

/// An image as hexadecimal digits, one a pixel, rounded to 16 levels; blank pixels are a 0 and how many more of them follow.
pub fn format_image(image: &[u8]) -> String {
    let levels: Vec<u8> = image.iter().map(|&pixel| ((u16::from(pixel) + 8) / u16::from(STEP)) as u8).collect();
    let mut text = String::new();
    let mut at = 0;
    while at < levels.len() {
        let blank = levels[at..].iter().take(LONGEST).take_while(|&&level| level == 0).count();
        text.extend(hexadecimal(levels[at]));
        if blank > 0 {
            text.extend(hexadecimal((blank - 1) as u8));
        }
        at += blank.max(1);
    }
    text
}

/// Reads what [`format_image`] wrote; None for anything else.
pub fn parse_image(text: &str) -> Option<Image> {
    let mut image = Vec::with_capacity(PIXELS);
    let mut digits = text.chars().map(|digit| digit.to_digit(16));
    while let Some(level) = digits.next() {
        match level? {
            0 => image.extend(std::iter::repeat_n(0, digits.next()?? as usize + 1)),
            level => image.push(level as u8 * STEP),
        }
        if image.len() > PIXELS {
            return None;
        }
    }
    (image.len() == PIXELS).then_some(image)
}

fn hexadecimal(level: u8) -> Option<char> {
    char::from_digit(level.into(), 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_survives_its_link() {
        let mut image = vec![0; PIXELS];
        (image[0], image[30], image[400], image[783]) = (255, 100, 8, 17);
        let text = format_image(&image);
        assert!(text.len() < 120 && text.starts_with("f0f"), "{text}");
        let parsed = parse_image(&text).expect("an image");
        assert!(image.iter().zip(&parsed).all(|(a, b)| a.abs_diff(*b) <= STEP / 2), "{text}");
        for nonsense in ["", "f", "0", "zz", &text[1..], &format!("{text}f")] {
            assert_eq!(parse_image(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn a_test_digit_is_named_by_its_number() {
        assert_eq!(["4", "4-17"].map(parse_digit), [Some((4, 0)), Some((4, 17))]);
        assert_eq!(["", "10", "4-", "x-1"].map(parse_digit), [None; 4]);
    }
}
