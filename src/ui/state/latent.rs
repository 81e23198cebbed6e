//! A point of the latent space (what the sliders stand at), and how a link holds it.

use crate::protocol::{Code, Image};

/// Sliders go from minus this to this; of a standard normal code 99.7 % lie within.
pub const EXTENT: f32 = 3.0;
/// What an arrow key moves a slider by.
pub const STEP: f32 = 0.05;

/// Digits that a code can be of, where the last numbers of a code say which: one number for each.
pub const CLASSES: usize = 10;

/// What the shipped model makes of test image 56, a 4 (`digit=4-9`), to the sliders' [`STEP`].
const FIRST_CODE: [f32; 20] =
    [0.9, 0.8, -1.4, 0.35, -0.15, 1.6, -0.7, -0.8, 1.7, -1.6, -0.05, 1.15, 0.2, 1.5, 0.75, 1.0, 0.25, -0.7, 0.3, -1.0];

/// `z` as near as a slider can come.
pub fn clamp(z: f32) -> f32 {
    z.clamp(-EXTENT, EXTENT)
}

/// Reads a code of `size` numbers from a link's text; None when it is anything else. `number` parses one number: the page passes
/// the browser's parser, as std's is large.
pub fn parse_code(text: &str, size: usize, number: impl Fn(&str) -> Option<f64>) -> Option<Code> {
    let code = text.split(',').map(|z| Some(clamp(number(z)? as f32))).collect::<Option<Code>>()?;
    (code.len() == size).then_some(code)
}

/// A code as a link's text, to two decimals.
pub fn format_code(code: &[f32]) -> String {
    let rounded = code.iter().map(|z| ((z * 100.0).round() / 100.0).to_string());
    rounded.collect::<Vec<_>>().join(",")
}

/// Where the sliders stand at first: the code of a digit, for the origin lies between the digits and decodes to a blot. The origin for
/// codes of another size than the shipped model's.
pub fn first_code(size: usize) -> Code {
    if size == FIRST_CODE.len() { FIRST_CODE.to_vec() } else { vec![0.0; size] }
}

/// The code with its last ten numbers replaced by a 1 in each place in turn, and 0 elsewhere.
pub fn each_class(code: &[f32]) -> Vec<Code> {
    let style = &code[..code.len().saturating_sub(CLASSES)];
    let one_hot = |class: usize| (0..CLASSES).map(move |other| f32::from(u8::from(other == class)));
    (0..CLASSES).map(|class| style.iter().copied().chain(one_hot(class)).collect()).collect()
}

/// By how much the image at one end of each slider differs from that at the other, added up over its pixels.
pub fn changes(low: &[Image], high: &[Image]) -> Vec<u32> {
    let change = |(low, high): (&Image, &Image)| low.iter().zip(high).map(|(a, b)| u32::from(a.abs_diff(*b))).sum();
    low.iter().zip(high).map(change).collect()
}

/// A draw from the prior N(0, 1), by the polar method (Marsaglia and Bray 1964), which needs no cosine: std's is 4 kB of the
/// download. Within the sliders' reach. `uniform` draws from [0, 1).
pub fn draw_from_prior(size: usize, uniform: impl Fn() -> f64) -> Code {
    let normal = || loop {
        let [x, y] = [2.0 * uniform() - 1.0, 2.0 * uniform() - 1.0];
        let square = x * x + y * y;
        if square > 0.0 && square < 1.0 {
            return (x * (-2.0 * square.ln() / square).sqrt()) as f32;
        }
    };
    (0..size).map(|_| clamp(normal())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_survives_its_link() {
        let number = |text: &str| text.parse().ok();
        let code = vec![0.0, -1.234, 3.0];
        let text = format_code(&code);
        assert_eq!(text, "0,-1.23,3");
        assert_eq!(parse_code(&text, 3, number), Some(vec![0.0, -1.23, 3.0]));
        assert_eq!(parse_code("9,0,0", 3, number), Some(vec![EXTENT, 0.0, 0.0]), "within the sliders' reach");
        assert_eq!(parse_code("1,2", 3, number), None);
        assert_eq!(parse_code("1,x,3", 3, number), None);
    }

    #[test]
    fn the_style_stays_and_the_class_changes() {
        let mut code = vec![0.5, -0.5];
        code.extend([0.1; 10]);
        let codes = each_class(&code);
        assert_eq!(codes.len(), 10);
        assert_eq!(codes[3], [0.5, -0.5, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
        assert!(codes.iter().all(|code| code.len() == 12 && code.iter().skip(2).sum::<f32>() == 1.0));
    }

    #[test]
    fn a_change_is_added_up_over_the_pixels() {
        assert_eq!(changes(&[vec![0, 9], vec![5, 5]], &[vec![3, 2], vec![5, 5]]), [10, 0]);
    }

    #[test]
    fn draws_are_standard_normal() {
        // Equidistributed points (Kronecker's sequence) in place of chance.
        let step = std::cell::Cell::new(0.0_f64);
        let uniform = || {
            step.set(step.get() + 1.0);
            (step.get() * if step.get() % 2.0 == 0.0 { 0.754_877_666 } else { 0.569_840_291 }).fract()
        };
        let code = draw_from_prior(10_000, uniform);
        let mean = |power: i32| code.iter().map(|z| z.powi(power)).sum::<f32>() / 10_000.0;
        assert!(mean(1).abs() < 0.02 && (mean(2) - 1.0).abs() < 0.05, "{} {}", mean(1), mean(2));
        assert!(code.iter().all(|z| z.abs() <= EXTENT));
    }
}
