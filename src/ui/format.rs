//! Numbers as the page writes them.

/// Seconds as a clock shows them: 1:05:20, 3:20.
pub fn clock(seconds: u32) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// Bytes in megabytes, with one decimal.
pub fn megabytes(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / 1e6)
}

/// `number` with four significant digits.
pub fn four_digits(number: f64) -> String {
    if number == 0.0 {
        return "0".to_string();
    }
    let digits = 3.0 - number.abs().max(1e-9).log10().floor();
    format!("{number:.*}", digits.max(0.0) as usize)
}

/// `number` with a comma before every three digits from the right: 1,316,824.
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<String> =
        digits.as_bytes().rchunks(3).rev().map(|group| String::from_utf8_lossy(group).into_owned()).collect();
    groups.join(",")
}

/// `number` in the digits of an index: where there can be no markup.
pub fn subscript(number: usize) -> String {
    number.to_string().bytes().filter_map(|digit| char::from_u32(0x2080 + u32::from(digit - b'0'))).collect()
}

/// Sentences one after another: after a Chinese full stop there is no space.
pub fn sentences(texts: impl IntoIterator<Item = String>) -> String {
    texts.into_iter().filter(|text| !text.is_empty()).fold(String::new(), |before, text| {
        let space = if before.is_empty() || before.ends_with('。') { "" } else { " " };
        before + space + &text
    })
}

/// The widths of a network's layers as they are commonly written: 784-300-784.
pub fn layer_widths(sizes: &[usize]) -> String {
    sizes.iter().map(usize::to_string).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_apart_as_their_language_has_it() {
        let joined = |texts: [&str; 3]| sentences(texts.map(str::to_string));
        assert_eq!(joined(["One.", "", "Two."]), "One. Two.");
        assert_eq!(joined(["甲。", "乙。", ""]), "甲。乙。");
    }

    #[test]
    fn numbers_are_written_for_reading() {
        assert_eq!([clock(0), clock(200), clock(3920)], ["0:00", "3:20", "1:05:20"]);
        assert_eq!(megabytes(1_250_000), "1.2");
        assert_eq!(
            [0.0, 0.012345, 1.5, 123.456, 98765.4].map(four_digits),
            ["0", "0.01235", "1.500", "123.5", "98765"]
        );
        assert_eq!([0, 999, 1_000, 1_316_824].map(grouped), ["0", "999", "1,000", "1,316,824"]);
        assert_eq!(subscript(137), "₁₃₇");
        assert_eq!(layer_widths(&[784, 300, 784]), "784-300-784");
    }
}
