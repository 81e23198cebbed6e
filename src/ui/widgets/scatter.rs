//! Points in a plane, as the text of an SVG image.

/// The points as markup, each in the colour of its digit; where there are no `labels` all are alike. The cloud fills the square and keeps its shape.
pub fn scatter(points: &[[f32; 2]], labels: &[u8]) -> String {
    let (low, high) = points.iter().fold(([f32::INFINITY; 2], [f32::NEG_INFINITY; 2]), |(low, high), point| {
        ([0, 1].map(|axis| low[axis].min(point[axis])), [0, 1].map(|axis| high[axis].max(point[axis])))
    });
    let size = (high[0] - low[0]).max(high[1] - low[1]).max(f32::MIN_POSITIVE);
    let place = |point: &[f32; 2]| {
        let [x, y] = [0, 1].map(|axis| 50.0 + (point[axis] - (low[axis] + high[axis]) / 2.0) / size * 96.0);
        // A line of no length is a dot.
        format!("M{x:.1} {:.1}h0", 100.0 - y)
    };
    let mut dots = [const { String::new() }; 10];
    for (number, point) in points.iter().enumerate() {
        let digit = labels.get(number).copied().unwrap_or_default();
        if let Some(dots) = dots.get_mut(usize::from(digit)) {
            *dots += &place(point);
        }
    }
    let paths = dots.iter().enumerate().filter(|(_, dots)| !dots.is_empty());
    let paths: String =
        paths.map(|(digit, dots)| format!(r#"<path class="dots digit-{digit}" d="{dots}"/>"#)).collect();
    format!(r#"<svg viewBox="0 0 100 100">{paths}</svg>"#)
}
