//! The page as a person and a test see it.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use bottleneck::protocol::{Code, VARIATIONAL_CODE};
use serde_json::{Value, json};

use super::chromium::Chromium;
use super::picture::Picture;
use super::site::Site;
use super::wait::wait_for;

/// One browser at a time: two processors are all that a test machine is sure to have.
static TURN: Mutex<()> = Mutex::new(());

/// An open page. When a test fails, what it showed is saved below target/browser/.
pub struct Page {
    pub(super) chromium: Chromium,
    pub site: Site,
    _turn: MutexGuard<'static, ()>,
}

impl Page {
    /// Waits until no other test has a page open.
    pub(super) fn turn() -> MutexGuard<'static, ()> {
        TURN.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn new(chromium: Chromium, site: Site, turn: MutexGuard<'static, ()>) -> Page {
        Page { chromium, site, _turn: turn }
    }

    // --- What is there

    /// Runs the body of a JavaScript function in the page.
    #[track_caller]
    pub fn run(&self, script: &str) -> Value {
        self.chromium.session.run(script, json!([]))
    }

    /// The value of a JavaScript expression, as text.
    #[track_caller]
    pub fn evaluate(&self, expression: &str) -> String {
        match self.run(&format!("return {expression}")) {
            Value::String(text) => text,
            other => other.to_string(),
        }
    }

    /// The text of the element with this `data-testid`; empty while there is none.
    #[track_caller]
    pub fn text(&self, testid: &str) -> String {
        self.evaluate(&format!("document.querySelector('{}')?.innerText ?? ''", selector(testid)))
    }

    /// The value of an input.
    #[track_caller]
    pub fn value(&self, testid: &str) -> String {
        self.evaluate(&format!("document.querySelector('{}').value", selector(testid)))
    }

    /// What a canvas shows.
    #[track_caller]
    pub fn picture(&self, testid: &str) -> Picture {
        self.picture_of(&selector(testid))
    }

    /// What the canvas shows that a CSS selector finds.
    #[track_caller]
    pub fn picture_of(&self, selector: &str) -> Picture {
        // Read from a copy: reading the page's own canvas often changes how the browser keeps it, and gets a warning.
        let script = "
            const canvas = document.querySelector(arguments[0]);
            const copy = document.createElement('canvas');
            [copy.width, copy.height] = [canvas.width, canvas.height];
            const context = copy.getContext('2d', { willReadFrequently: true });
            context.drawImage(canvas, 0, 0);
            const { data } = context.getImageData(0, 0, copy.width, copy.height);
            const every4th = (from) => Array.from({ length: data.length / 4 }, (_, i) => data[4 * i + from]);
            return {
                empty: canvas.dataset.empty === 'true',
                width: canvas.width,
                opaque: every4th(3).filter((alpha) => alpha > 0).length,
                pixels: every4th(0),
            };";
        let picture = self.chromium.session.run(script, json!([selector]));
        serde_json::from_value(picture).expect("a picture")
    }

    /// Where the sliders of the latent space stand.
    #[track_caller]
    pub fn code(&self) -> Code {
        (0..VARIATIONAL_CODE).map(|d| self.value(&format!("latent-{d}")).parse().expect("a slider's number")).collect()
    }

    /// The warnings and errors on the console since it was last asked for.
    pub fn complaints(&self) -> Vec<String> {
        self.chromium.complaints()
    }

    // --- Waiting

    /// Waits until a JavaScript expression is true.
    #[track_caller]
    pub fn wait_until(&self, what: &str, expression: &str) {
        wait_for(what, || match self.evaluate(expression).as_str() {
            "true" => Ok(()),
            other => Err(other.to_owned()),
        });
    }

    /// Waits until an engine computes.
    #[track_caller]
    pub fn wait_until_ready(&self) {
        wait_for("an engine that is ready", || {
            let ready = self.evaluate(&format!("document.querySelector('{}')?.dataset.ready", selector("device")));
            if ready == "true" {
                Ok(())
            } else {
                Err(format!("{ready}; {}; {}", self.text("device"), self.text("error")))
            }
        });
    }

    /// Waits until the device line begins with `device` and its engine is ready.
    #[track_caller]
    pub fn wait_for_device(&self, device: &str) {
        wait_for(&format!("the device {device}"), || {
            let line = self.text("device");
            if line.starts_with(device) { Ok(()) } else { Err(format!("{line}; {}", self.text("error"))) }
        });
        self.wait_until_ready();
    }

    /// Waits for a sentence about a problem with all of these words.
    #[track_caller]
    pub fn wait_for_error(&self, words: &[&str]) -> String {
        wait_for(&format!("a sentence with {words:?}"), || {
            let sentence = self.text("error");
            if !sentence.is_empty() && words.iter().all(|word| sentence.contains(word)) {
                Ok(sentence)
            } else {
                Err(sentence)
            }
        })
    }

    /// Waits until a canvas shows something.
    #[track_caller]
    pub fn wait_for_picture(&self, testid: &str) -> Picture {
        wait_for(&format!("a picture in {testid}"), || {
            let picture = self.picture(testid);
            if picture.is_drawn() { Ok(picture) } else { Err(format!("{}; {}", picture.opaque, self.text("error"))) }
        })
    }

    /// Waits until canvases are blank.
    #[track_caller]
    pub fn wait_for_blank(&self, testids: &[&str]) {
        for testid in testids {
            wait_for(&format!("a blank {testid}"), || {
                let picture = self.picture(testid);
                if picture.is_blank() {
                    Ok(())
                } else {
                    Err(format!("{} pixels, empty: {}", picture.opaque, picture.empty))
                }
            });
        }
    }

    // --- Doing

    /// Loads the page again and waits until an engine computes.
    #[track_caller]
    pub fn reload(&self) {
        self.chromium.session.post("refresh", &json!({}));
        self.wait_until_ready();
    }

    /// Clicks the element with this `data-testid`, as soon as it can be clicked.
    #[track_caller]
    pub fn click(&self, testid: &str) {
        self.click_on(&selector(testid));
    }

    /// Clicks what a CSS selector finds.
    #[track_caller]
    pub fn click_on(&self, selector: &str) {
        self.show(selector);
        wait_for(&format!("a click on {selector}"), || {
            let disabled = "return document.querySelector(arguments[0]).disabled === true";
            if self.chromium.session.run(disabled, json!([selector])) == true {
                return Err("disabled".into());
            }
            self.chromium.session.click(&self.chromium.session.find(selector))
        });
    }

    /// Presses keys on an element; WebDriver has a code for each that is no letter.
    #[track_caller]
    pub fn press(&self, testid: &str, keys: &str) {
        let element = self.chromium.session.find(&selector(testid));
        self.chromium.session.press(&element, keys);
    }

    /// Moves a slider to `value` and tells the page, as a drag does.
    #[track_caller]
    pub fn slide(&self, testid: &str, value: f32) {
        let script = "
            const slider = document.querySelector(arguments[0]);
            slider.value = arguments[1];
            slider.dispatchEvent(new Event('input', { bubbles: true }));";
        self.chromium.session.run(script, json!([selector(testid), value]));
    }

    /// Chooses an option of a select by its value.
    #[track_caller]
    pub fn choose(&self, testid: &str, value: &str) {
        let script = "
            const select = document.querySelector(arguments[0]);
            select.value = arguments[1];
            select.dispatchEvent(new Event('change', { bubbles: true }));";
        self.chromium.session.run(script, json!([selector(testid), value]));
    }

    /// Scrolls so that an element is in the middle of the window, at once.
    #[track_caller]
    pub(super) fn show(&self, selector: &str) {
        let script = "document.querySelector(arguments[0]).scrollIntoView({ block: 'center', behavior: 'instant' });";
        self.chromium.session.run(script, json!([selector]));
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        if !thread::panicking() {
            return;
        }
        let folder = Path::new("target/browser");
        let name = thread::current().name().unwrap_or("test").replace("::", "-");
        let file = folder.join(format!("{name}.png"));
        // The test has failed anyway: what cannot be told is left out.
        let saved = std::fs::create_dir_all(folder).map_err(|error| error.to_string());
        let saved = saved.and_then(|()| self.chromium.session.screenshot(&file));
        eprintln!("the page when {name} failed: {} {saved:?}", file.display());
        eprintln!("requested: {:#?}", self.site.requested());
        if let Ok(console) = self.chromium.session.try_post("se/log", &json!({ "type": "browser" })) {
            eprintln!("console: {console:#}");
        }
    }
}

pub(super) fn selector(testid: &str) -> String {
    format!("[data-testid=\"{testid}\"]")
}
