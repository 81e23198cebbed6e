//! The part of a plane that a canvas shows: moved, and made larger and smaller about a place.

/// Room left around all points, as a share of the canvas.
const MARGIN: f64 = 0.05;
/// The largest and the smallest scale, as multiples of the one at which all points are shown.
const SCALES: [f64; 2] = [0.5, 200.0];

/// A square canvas of `side` pixels over a plane: x to the right, y upwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Viewport {
    side: f64,
    /// The point of the plane in the canvas's middle.
    centre: [f64; 2],
    /// Pixels for a unit of the plane.
    scale: f64,
    /// Centre and scale at which all points are shown.
    middle: [f64; 2],
    whole: f64,
}

impl Viewport {
    /// Shows all `points` on a canvas of `side` pixels.
    pub fn around(points: &[[f32; 2]], side: f64) -> Self {
        let (low, high) = points.iter().fold(([f32::INFINITY; 2], [f32::NEG_INFINITY; 2]), |(low, high), point| {
            ([0, 1].map(|axis| low[axis].min(point[axis])), [0, 1].map(|axis| high[axis].max(point[axis])))
        });
        if points.is_empty() {
            return Viewport { side, centre: [0.0; 2], scale: side, middle: [0.0; 2], whole: side };
        }
        let extent = f64::from((high[0] - low[0]).max(high[1] - low[1]).max(f32::MIN_POSITIVE));
        let scale = side * (1.0 - 2.0 * MARGIN) / extent;
        let middle = [0, 1].map(|axis| f64::from(low[axis] + high[axis]) / 2.0);
        Viewport { side, centre: middle, scale, middle, whole: scale }
    }

    /// Shows other points as these were shown: as much larger than all of them, and as far from their middle.
    pub fn refit(&mut self, points: &[[f32; 2]]) {
        let fit = Viewport::around(points, self.side);
        let beyond = |axis: usize| (self.centre[axis] - self.middle[axis]) * self.whole / fit.whole;
        let centre = [0, 1].map(|axis| fit.middle[axis] + beyond(axis));
        *self = Viewport { centre, scale: fit.whole * self.magnification(), ..fit };
    }

    /// The pixel of a point, from the top left corner.
    pub fn pixel(&self, point: [f32; 2]) -> [f64; 2] {
        let [x, y] = [0, 1].map(|axis| (f64::from(point[axis]) - self.centre[axis]) * self.scale);
        [self.side / 2.0 + x, self.side / 2.0 - y]
    }

    /// The point at a pixel.
    pub fn point(&self, [x, y]: [f64; 2]) -> [f32; 2] {
        let half = self.side / 2.0;
        [self.centre[0] + (x - half) / self.scale, self.centre[1] - (y - half) / self.scale].map(|at| at as f32)
    }

    /// Moves what is shown by so many pixels.
    pub fn pan(&mut self, [dx, dy]: [f64; 2]) {
        self.centre[0] -= dx / self.scale;
        self.centre[1] += dy / self.scale;
    }

    /// Shows everything `factor` times as large; the point at `pixel` stays there.
    pub fn zoom(&mut self, factor: f64, pixel: [f64; 2]) {
        let before = self.point(pixel);
        self.scale = (self.scale * factor).clamp(self.whole * SCALES[0], self.whole * SCALES[1]);
        let after = self.point(pixel);
        for axis in 0..2 {
            self.centre[axis] += f64::from(before[axis] - after[axis]);
        }
    }

    /// How many times as large everything is as when all points are shown.
    pub fn magnification(&self) -> f64 {
        self.scale / self.whole
    }

    /// The number of the point nearest to `pixel`, where one is within `reach` pixels.
    pub fn nearest(&self, points: &[[f32; 2]], pixel: [f64; 2], reach: f64) -> Option<usize> {
        let distance = |point: [f32; 2]| {
            let [x, y] = self.pixel(point);
            (x - pixel[0]).hypot(y - pixel[1])
        };
        let distances = points.iter().map(|&point| distance(point)).enumerate();
        distances
            .filter(|&(_, distance)| distance <= reach)
            .min_by(|a, b| a.1.total_cmp(&b.1))
            .map(|(number, _)| number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_made_larger_stays_so_where_the_points_move() {
        let mut viewport = Viewport::around(&[[0.0, 0.0], [2.0, 2.0]], 100.0);
        viewport.refit(&[[0.0, 0.0], [4.0, 4.0]]);
        assert_eq!(viewport, Viewport::around(&[[0.0, 0.0], [4.0, 4.0]], 100.0));
        // The same corner of all points, as large.
        viewport.zoom(2.0, viewport.pixel([4.0, 4.0]));
        let corner = viewport.pixel([4.0, 4.0]);
        viewport.refit(&[[10.0, 10.0], [20.0, 20.0]]);
        assert_eq!(viewport.magnification(), 2.0);
        assert_eq!(viewport.pixel([20.0, 20.0]), corner);
    }

    const POINTS: [[f32; 2]; 3] = [[0.0, 0.0], [2.0, 1.0], [1.0, 0.5]];

    fn is_near(a: [f64; 2], b: [f64; 2]) -> bool {
        (a[0] - b[0]).abs() < 1e-3 && (a[1] - b[1]).abs() < 1e-3
    }

    #[test]
    fn all_points_are_shown_and_keep_their_shape() {
        let viewport = Viewport::around(&POINTS, 100.0);
        assert!(is_near(viewport.pixel(POINTS[0]), [5.0, 72.5]), "{:?}", viewport.pixel(POINTS[0]));
        assert!(is_near(viewport.pixel(POINTS[1]), [95.0, 27.5]));
        assert_eq!(viewport.point([50.0, 50.0]), [1.0, 0.5]);
        assert_eq!(Viewport::around(&[], 100.0).point([50.0, 50.0]), [0.0, 0.0]);
    }

    #[test]
    fn zoom_keeps_the_place_that_it_is_about() {
        let mut viewport = Viewport::around(&POINTS, 100.0);
        let pixel = [20.0, 30.0];
        let before = viewport.point(pixel);
        viewport.zoom(3.0, pixel);
        let after = viewport.point(pixel);
        assert!((0..2).all(|axis| (before[axis] - after[axis]).abs() < 1e-5), "{before:?} {after:?}");
        assert!((viewport.magnification() - 3.0).abs() < 1e-9);
        viewport.zoom(1e9, pixel);
        assert_eq!(viewport.magnification(), 200.0, "no further");
    }

    #[test]
    fn a_point_goes_where_it_is_dragged() {
        let mut viewport = Viewport::around(&POINTS, 100.0);
        let [x, y] = viewport.pixel(POINTS[2]);
        viewport.pan([10.0, -7.0]);
        assert!(is_near(viewport.pixel(POINTS[2]), [x + 10.0, y - 7.0]));
    }

    #[test]
    fn the_nearest_point_is_found_within_reach() {
        let viewport = Viewport::around(&POINTS, 100.0);
        assert_eq!(viewport.nearest(&POINTS, [93.0, 29.0], 10.0), Some(1));
        assert_eq!(viewport.nearest(&POINTS, [30.0, 20.0], 10.0), None);
    }
}
