//! Numbers that a person typed or a link holds.

use wasm_bindgen::JsValue;

/// Parses a finite number; None for anything else. The browser parses it: std's parser is 14 kB of the download.
pub fn parse_number(text: &str) -> Option<f64> {
    let text = text.trim();
    let number = JsValue::from_str(text).unchecked_into_f64();
    (!text.is_empty() && number.is_finite()).then_some(number)
}
