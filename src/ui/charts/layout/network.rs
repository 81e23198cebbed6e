//! A network's layers as bars that narrow to the code and widen again.

pub const WIDTH: f64 = 96.0;
pub const HEIGHT: f64 = 48.0;
/// Width of a bar.
pub const BAR: f64 = 4.0;

/// A layer's bar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layer {
    pub size: usize,
    pub x: f64,
    pub height: f64,
    pub is_code: bool,
}

impl Layer {
    /// The bar's top; bars are centred.
    pub fn y(&self) -> f64 {
        (HEIGHT - self.height) / 2.0
    }
}

/// One bar per layer, as high as the root of its size so that 20 beside 784 can still be seen.
pub fn layers(sizes: &[usize], code_layer: usize) -> Vec<Layer> {
    let largest = sizes.iter().copied().max().unwrap_or(1) as f64;
    let gap = (WIDTH - BAR) / (sizes.len().max(2) - 1) as f64;
    let layer = |(number, &size): (usize, &usize)| Layer {
        size,
        x: number as f64 * gap,
        height: HEIGHT * (size as f64 / largest).sqrt(),
        is_code: number == code_layer,
    };
    sizes.iter().enumerate().map(layer).collect()
}

/// The silhouette of all bars, as a polygon's points.
pub fn silhouette(layers: &[Layer]) -> String {
    let top = layers.iter().map(|layer| (layer.x, HEIGHT - layer.height));
    let foot = layers.iter().map(|layer| (layer.x, HEIGHT + layer.height));
    let points = top.chain(foot.rev()).map(|(x, y)| format!("{:.1},{:.1}", x + BAR / 2.0, y / 2.0));
    points.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_is_in_the_middle_and_the_input_as_high_as_the_drawing() {
        let layers = layers(&[400, 100, 400], 1);
        let bars: Vec<_> = layers.iter().map(|layer| (layer.x, layer.y(), layer.height, layer.is_code)).collect();
        assert_eq!(bars, [(0.0, 0.0, 48.0, false), (46.0, 12.0, 24.0, true), (92.0, 0.0, 48.0, false)]);
        assert_eq!(silhouette(&layers), "2.0,0.0 48.0,12.0 94.0,0.0 94.0,48.0 48.0,36.0 2.0,48.0");
        assert!(super::layers(&[], 0).is_empty());
    }
}
