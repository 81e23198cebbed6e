//! Curves over steps, with axes and grid, as the text of an SVG image and its labels.

/// A curve: its class in the style sheet, and its points.
pub struct Curve {
    pub class: &'static str,
    pub points: Vec<(f64, f64)>,
}

/// The curves as markup, None without a point that can be shown. With `logarithmic` what is not above 0 cannot: it leaves a gap. The plane is
/// 100 wide and high and stretched to its place; the labels are not in it, so that they keep their size.
pub fn plot(curves: Vec<Curve>, logarithmic: bool) -> Option<String> {
    let can_be_shown = |&&(_, y): &&(f64, f64)| y.is_finite() && (y > 0.0 || !logarithmic);
    let points = || curves.iter().flat_map(|curve| &curve.points).filter(can_be_shown);
    let right = points().map(|&(x, _)| x).fold(f64::NAN, f64::max).max(1.0);
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for &(_, y) in points() {
        (low, high) = (low.min(y), high.max(y));
    }
    if low > high {
        return None;
    }
    let room = 0.05 * (high - low).max(high.abs() * 0.01).max(1e-9);
    (low, high) = if logarithmic { (low / 1.05, high * 1.05) } else { (low - room, high + room) };
    let scale = |y: f64| if logarithmic { y.ln() } else { y };
    let across = |x: f64| x / right * 100.0;
    let down = |y: f64| (scale(high) - scale(y)) / (scale(high) - scale(low)) * 100.0;

    let (mut grid, mut labels) = (String::new(), String::new());
    for (y, text) in if logarithmic { logarithmic_ticks(low, high) } else { ticks(low, high, 5.0) } {
        grid += &format!("M0 {:.2}H100", down(y));
        labels += &format!(r#"<span class="tick-y" style="top:{:.2}%">{text}</span>"#, down(y));
    }
    for (x, text) in ticks(0.0, right, 4.0) {
        labels += &format!(r#"<span class="tick-x" style="left:{:.2}%">{text}</span>"#, across(x));
    }
    let mut lines = String::new();
    for Curve { class, points } in &curves {
        let mut path = String::new();
        let mut is_drawing = false;
        for point in points {
            let (x, y) = *point;
            if can_be_shown(&point) {
                // A line of no length is a dot, so that a lone point shows.
                let end = if is_drawing { "" } else { "h0" };
                path += &format!("{}{:.2} {:.2}{end}", if is_drawing { "L" } else { "M" }, across(x), down(y));
                is_drawing = true;
            } else {
                is_drawing = false;
            }
        }
        lines += &format!(r#"<path class="curve {class}" d="{path}"/>"#);
    }
    Some(format!(
        r#"<svg viewBox="0 0 100 100" preserveAspectRatio="none"><path class="grid" d="{grid}"/>{lines}</svg>{labels}"#
    ))
}

/// Round numbers from `low` to `high`, about so many, and how they are written.
fn ticks(low: f64, high: f64, about: f64) -> Vec<(f64, String)> {
    let rough = (high - low) / about;
    let decade = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * decade).find(|&step| step >= rough).unwrap_or(rough);
    let digits = (-step.log10().floor()).max(0.0) as usize;
    let first = (low / step).ceil();
    let ticks = (0..20).map(|number| (first + f64::from(number)) * step).take_while(|&tick| tick <= high);
    ticks.map(|tick| (tick, format!("{tick:.digits$}"))).collect()
}

/// 1, 2 and 5 times the powers of ten from `low` to `high`; round numbers where these are too few.
fn logarithmic_ticks(low: f64, high: f64) -> Vec<(f64, String)> {
    let (first, last) = (low.log10().floor() as i32, high.log10().ceil() as i32);
    let factors: &[f64] = if last - first > 4 { &[1.0] } else { &[1.0, 2.0, 5.0] };
    let all = (first..=last).flat_map(|power| factors.iter().map(move |factor| (power, factor * 10f64.powi(power))));
    let mut found = Vec::new();
    for (power, tick) in all.filter(|(_, tick)| (low..=high).contains(tick)) {
        let digits = (-power).max(0) as usize;
        found.push((tick, format!("{tick:.digits$}")));
    }
    if found.len() < 3 { ticks(low, high, 4.0) } else { found }
}

/// `number` with four significant digits.
pub fn four_digits(number: f64) -> String {
    let digits = 3.0 - number.abs().max(1e-9).log10().floor();
    format!("{number:.*}", digits.max(0.0) as usize)
}
