//! Points in a plane, in a square of 100 by 100.

/// How much of the square the cloud's longer side fills.
const SPAN: f32 = 96.0;

/// How far the names of two digits must be apart to be read.
const NAME: f32 = 7.0;

/// The points of one digit.
#[derive(Clone, Debug, PartialEq)]
pub struct DigitPoints {
    /// 0 to 9; any other number has no colour in the style sheet.
    pub digit: usize,
    /// A path of dots.
    pub path: String,
    /// Where the digit's name stands, across and down in the square; None where the points are of no digit.
    pub name: Option<[f32; 2]>,
}

/// Where points lie in the square: the cloud fills it and keeps its shape.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScatterLayout {
    centre: [f32; 2],
    size: f32,
}

impl ScatterLayout {
    /// That of a cloud.
    pub fn new(points: &[[f32; 2]]) -> Self {
        let (low, high) = points.iter().fold(([f32::INFINITY; 2], [f32::NEG_INFINITY; 2]), |(low, high), point| {
            ([0, 1].map(|axis| low[axis].min(point[axis])), [0, 1].map(|axis| high[axis].max(point[axis])))
        });
        let size = (high[0] - low[0]).max(high[1] - low[1]).max(f32::MIN_POSITIVE);
        ScatterLayout { centre: [0, 1].map(|axis| (low[axis] + high[axis]) / 2.0), size }
    }

    /// Across and down from the top left corner.
    pub fn place(self, point: &[f32; 2]) -> [f32; 2] {
        let [x, y] = [0, 1].map(|axis| 50.0 + (point[axis] - self.centre[axis]) / self.size * SPAN);
        [x, 100.0 - y]
    }

    /// What lies at a place.
    pub fn point(self, [across, down]: [f32; 2]) -> [f32; 2] {
        let [x, y] = [across, 100.0 - down];
        [(x, 0), (y, 1)].map(|(at, axis)| self.centre[axis] + (at - 50.0) / SPAN * self.size)
    }

    /// A path of dots.
    pub fn path(self, points: &[[f32; 2]]) -> String {
        points.iter().map(|point| dot(self.place(point))).collect()
    }
}

/// A line of no length.
fn dot([x, y]: [f32; 2]) -> String {
    format!("M{x:.1} {y:.1}h0")
}

/// The mean of each digit's points; None for a digit without points, and for all where there are no `labels`.
pub fn digit_means(points: &[[f32; 2]], labels: &[u8]) -> [Option<[f32; 2]>; 10] {
    let mut sums = [([0.0; 2], 0); 10];
    for (point, &label) in points.iter().zip(labels) {
        if let Some((sum, count)) = sums.get_mut(usize::from(label)) {
            *sum = [sum[0] + point[0], sum[1] + point[1]];
            *count += 1;
        }
    }
    sums.map(|(sum, count)| (count > 0).then(|| sum.map(|sum: f32| sum / count as f32)))
}

/// Moves names apart that lie on one another, as little as it takes, within the square.
fn spread(names: &mut [Option<[f32; 2]>; 10]) {
    const TURNS: usize = 50;
    for _ in 0..TURNS {
        for first in 0..names.len() {
            for second in first + 1..names.len() {
                let (Some(a), Some(b)) = (names[first], names[second]) else { continue };
                let [across, down] = [b[0] - a[0], b[1] - a[1]];
                let distance = across.hypot(down);
                let short = (NAME - distance).max(0.0) / 2.0;
                // Names at one place go to the left and to the right.
                let [x, y] = if distance > 0.0 { [across / distance, down / distance] } else { [1.0, 0.0] };
                names[first] = Some([a[0] - short * x, a[1] - short * y]);
                names[second] = Some([b[0] + short * x, b[1] + short * y]);
            }
        }
        names.iter_mut().flatten().flatten().for_each(|place| *place = place.clamp(4.0, 96.0));
    }
}

/// The points by digit; where there are no `labels` all are of digit 0, without its name.
pub fn scatter_paths(points: &[[f32; 2]], labels: &[u8]) -> Vec<DigitPoints> {
    ScatterLayout::new(points).paths(points, labels)
}

impl ScatterLayout {
    /// The same, in the layout of another cloud: two clouds can be compared.
    pub fn paths(self, points: &[[f32; 2]], labels: &[u8]) -> Vec<DigitPoints> {
        // A mean may lie outside the other cloud.
        let mut names = digit_means(points, labels).map(|mean| mean.map(|mean| self.place(&mean)));
        spread(&mut names);
        let mut paths = [const { String::new() }; 10];
        for (number, point) in points.iter().enumerate() {
            let digit = labels.get(number).copied().unwrap_or_default();
            if let Some(path) = paths.get_mut(usize::from(digit)) {
                *path += &dot(self.place(point));
            }
        }
        let of_digit = |(digit, path): (usize, String)| DigitPoints { digit, path, name: names[digit] };
        paths.into_iter().enumerate().filter(|(_, path)| !path.is_empty()).map(of_digit).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_are_grouped_by_digit_and_fill_the_square() {
        let of_digit = |digit, path: &str, name| DigitPoints { digit, path: path.to_string(), name };
        let paths = scatter_paths(&[[0.0, 0.0], [2.0, 1.0], [1.0, 0.5]], &[3, 7, 3]);
        let expected = [
            of_digit(3, "M2.0 74.0h0M50.0 50.0h0", Some([26.0, 62.0])),
            of_digit(7, "M98.0 26.0h0", Some([96.0, 26.0])),
        ];
        assert_eq!(paths, expected);
        assert_eq!(scatter_paths(&[[1.0, 1.0]], &[]), [of_digit(0, "M50.0 50.0h0", None)]);
        assert_eq!(scatter_paths(&[], &[]), []);
    }

    #[test]
    fn names_that_lie_on_one_another_are_moved_apart() {
        let mut names = [None; 10];
        names[..4].copy_from_slice(&[Some([50.0, 50.0]), Some([50.0, 50.0]), Some([53.0, 50.0]), Some([20.0, 50.0])]);
        spread(&mut names);
        assert_eq!(names[3], Some([20.0, 50.0]), "it had room");
        let places: Vec<[f32; 2]> = names.into_iter().flatten().collect();
        for (at, a) in places.iter().enumerate() {
            for b in &places[at + 1..] {
                assert!((a[0] - b[0]).hypot(a[1] - b[1]) > NAME - 0.5, "{places:?}");
            }
            assert!((a[0] - 50.0).abs() <= 30.0 && (a[1] - 50.0).abs() < 10.0, "{places:?}");
        }
    }

    #[test]
    fn another_point_lies_where_a_dot_of_the_cloud_would() {
        let layout = ScatterLayout::new(&[[0.0, 0.0], [2.0, 1.0]]);
        assert_eq!(layout.place(&[2.0, 1.0]), [98.0, 26.0]);
        assert_eq!(layout.place(&[4.0, 0.5]), [194.0, 50.0], "it may lie outside");
        assert_eq!(layout.point([98.0, 26.0]), [2.0, 1.0]);
        assert_eq!(layout.path(&[[2.0, 1.0], [1.0, 0.5]]), "M98.0 26.0h0M50.0 50.0h0");
    }
}
