//! Numbers that a person typed or a link holds.

use wasm_bindgen::JsValue;

/// The number that `text` is, as the browser reads it; None where it is none, or not finite. The standard library's parser would
/// bring 14 kB with it.
pub fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    let number = JsValue::from_str(text).unchecked_into_f64();
    (!text.is_empty() && number.is_finite()).then_some(number)
}
