//! Mouse, finger and pen.

use serde_json::{Value, json};

use super::page::{Page, selector};

/// With what a person draws.
#[derive(Clone, Copy, Debug)]
pub enum Pointer {
    Mouse,
    Touch,
    Pen,
}

impl Page {
    /// Clicks, twice if `double`, at a point of an element: fractions of its width and height.
    #[track_caller]
    pub fn click_at(&self, testid: &str, at: (f64, f64), double: bool) {
        let (x, y) = self.place(testid, at);
        let click = [json!({ "type": "pointerDown", "button": 0 }), json!({ "type": "pointerUp", "button": 0 })];
        let mut actions = vec![json!({ "type": "pointerMove", "duration": 0, "x": x, "y": y })];
        (0..if double { 2 } else { 1 }).for_each(|_| actions.extend(click.clone()));
        self.act(Pointer::Mouse, actions);
    }

    /// Moves the mouse to the middle of what a CSS selector finds, where it stands in the window.
    #[track_caller]
    pub fn point_at(&self, selector: &str) {
        let script = "
            const area = document.querySelector(arguments[0]).getBoundingClientRect();
            return [area.left + area.width / 2, area.top + area.height / 2];";
        let point = self.chromium.session.run(script, json!([selector]));
        let [x, y] = [0, 1].map(|axis| point[axis].as_f64().expect("a coordinate").round() as i64);
        self.act(Pointer::Mouse, vec![json!({ "type": "pointerMove", "duration": 0, "x": x, "y": y })]);
    }

    /// Draws strokes on the paper; points are fractions of its width and height.
    #[track_caller]
    pub fn draw(&self, pointer: Pointer, strokes: &[&[(f64, f64)]]) {
        for stroke in strokes {
            let points: Vec<(i64, i64)> = stroke.iter().map(|&at| self.place("draw", at)).collect();
            let go = |(x, y): (i64, i64), ms: u32| json!({ "type": "pointerMove", "duration": ms, "x": x, "y": y });
            let mut actions = vec![go(points[0], 0), json!({ "type": "pointerDown", "button": 0 })];
            actions.extend(points[1..].iter().map(|&point| go(point, 20)));
            actions.push(json!({ "type": "pointerUp", "button": 0 }));
            self.act(pointer, actions);
        }
    }

    /// Draws a 3.
    #[track_caller]
    pub fn draw_three(&self, pointer: Pointer) {
        self.draw(pointer, &[&THREE]);
    }

    /// Spreads two fingers on an element, each along a line through its middle: from and to so far off it, in widths of the element.
    #[track_caller]
    pub fn pinch(&self, testid: &str, (from, to): (f64, f64)) {
        let finger = |number: usize, side: f64| {
            let [(x, y), (to_x, to_y)] = [from, to].map(|off| self.place(testid, (0.5 + side * off, 0.5)));
            json!({ "type": "pointer", "id": format!("finger-{number}"), "parameters": { "pointerType": "touch" }, "actions": [
                { "type": "pointerMove", "duration": 0, "x": x, "y": y },
                { "type": "pointerDown", "button": 0 },
                { "type": "pointerMove", "duration": 100, "x": to_x, "y": to_y },
                { "type": "pointerUp", "button": 0 },
            ] })
        };
        self.chromium.session.post("actions", &json!({ "actions": [finger(0, -1.0), finger(1, 1.0)] }));
    }

    #[track_caller]
    fn act(&self, pointer: Pointer, actions: Vec<Value>) {
        let kind = match pointer {
            Pointer::Mouse => "mouse",
            Pointer::Touch => "touch",
            Pointer::Pen => "pen",
        };
        let source =
            json!({ "type": "pointer", "id": kind, "parameters": { "pointerType": kind }, "actions": actions });
        self.chromium.session.post("actions", &json!({ "actions": [source] }));
    }

    /// A point of an element in the window, once the element is in sight.
    #[track_caller]
    fn place(&self, testid: &str, (across, down): (f64, f64)) -> (i64, i64) {
        let selector = selector(testid);
        self.show(&selector);
        let script = "
            const area = document.querySelector(arguments[0]).getBoundingClientRect();
            return [area.left + arguments[1] * area.width, area.top + arguments[2] * area.height];";
        let point = self.chromium.session.run(script, json!([selector, across, down]));
        let whole = |index: usize| point[index].as_f64().expect("a coordinate").round() as i64;
        (whole(0), whole(1))
    }
}

const THREE: [(f64, f64); 11] = [
    (0.30, 0.25),
    (0.45, 0.18),
    (0.60, 0.22),
    (0.65, 0.33),
    (0.58, 0.44),
    (0.45, 0.48),
    (0.60, 0.52),
    (0.68, 0.64),
    (0.62, 0.77),
    (0.46, 0.82),
    (0.30, 0.76),
];
