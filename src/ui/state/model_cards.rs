//! What a model's card tells: plain data read from beside the shipped weights.

use serde_json::Value;

use crate::protocol::Card;

/// The widths of the layers from input to output, by a model's config.
pub fn layers(config: &Value) -> Vec<usize> {
    let number = |name: &str| config[name].as_u64().map(|size| size as usize);
    let hidden = match &config["hidden"] {
        Value::Array(widths) => widths,
        width => std::slice::from_ref(width),
    };
    let hidden = hidden.iter().filter_map(|size| size.as_u64()).map(|size| size as usize);
    let mut sizes: Vec<usize> = number("input").into_iter().chain(hidden).collect();
    // The decoder's layers are the encoder's, backwards.
    let decoder: Vec<usize> = sizes.iter().rev().copied().collect();
    sizes.extend(number("code"));
    sizes.extend(decoder);
    sizes
}

/// How strong the noise was that a denoising model was trained with: the largest sigma and the largest dropout rate.
pub fn strongest_noise(card: &Card) -> Option<(f32, f32)> {
    let corruption = &card.recipe["corruption"];
    Some((corruption["sigma"].as_f64()? as f32, corruption["dropout"].as_f64()? as f32))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn layers_go_down_to_the_code_and_up_again() {
        assert_eq!(layers(&json!({"input": 784, "hidden": [300, 200], "code": 2})), [784, 300, 200, 2, 200, 300, 784]);
        assert_eq!(layers(&json!({"input": 784, "hidden": 300, "code": 150})), [784, 300, 150, 300, 784]);
        assert_eq!(layers(&json!({"input": 3, "code": 2})), [3, 2, 3]);
        assert_eq!(layers(&Value::Null), Vec::<usize>::new());
    }
}
