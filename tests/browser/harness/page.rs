//! The page as a person and a test see it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::thread;

use bottleneck::protocol::Code;
use serde_json::{Value, json};

use super::chromium::Chromium;
use super::native::VAE_CODE;
use super::permit::Permit;
use super::picture::Picture;
use super::site::Site;
use super::visit::Device;
use super::wait::wait_for;

/// An open page. When a test fails, what it showed is saved below target/browser/.
pub struct Page {
    pub(super) chromium: Chromium,
    pub site: Site,
    // After the browser: its permit ends when it has ended.
    _permit: Permit,
}

impl Page {
    pub(super) fn new(chromium: Chromium, site: Site, permit: Permit) -> Page {
        Page { chromium, site, _permit: permit }
    }

    // --- What is there

    /// Runs the body of a JavaScript function in the page.
    #[track_caller]
    pub fn run(&self, script: &str) -> Value {
        self.chromium.session.run(script, json!([]))
    }

    /// Runs the body of an asynchronous JavaScript function in the page; what it returns.
    #[track_caller]
    pub fn run_async(&self, script: &str) -> Value {
        self.chromium.session.run_async(script)
    }

    /// The value of a JavaScript expression, as text.
    #[track_caller]
    pub fn evaluate(&self, expression: &str) -> String {
        match self.run(&format!("return {expression}")) {
            Value::String(text) => text,
            other => other.to_string(),
        }
    }

    /// What a screen reader is told, in its order: the role and the name of each element that it is not told to pass.
    pub fn accessible(&self) -> Vec<(String, String)> {
        let tree = self.chromium.devtools("Accessibility.getFullAXTree", json!({}));
        let text = |node: &Value, of: &str| node[of]["value"].as_str().unwrap_or_default().trim().to_owned();
        let nodes: Vec<Value> = serde_json::from_value(tree["nodes"].clone()).expect("nodes");
        let by_id: BTreeMap<&str, &Value> =
            nodes.iter().filter_map(|node| Some((node["nodeId"].as_str()?, node))).collect();
        let mut told = Vec::new();
        let mut next = vec![nodes.first().expect("a root")];
        while let Some(node) = next.pop() {
            if node["ignored"] == false {
                told.push((text(node, "role"), text(node, "name")));
            }
            let children = node["childIds"].as_array().into_iter().flatten().filter_map(Value::as_str);
            next.extend(children.rev().filter_map(|id| by_id.get(id)));
        }
        told
    }

    /// The text of the element with this `data-testid`; empty while there is none.
    #[track_caller]
    pub fn text(&self, testid: &str) -> String {
        self.evaluate(&format!("document.querySelector('{}')?.innerText ?? ''", selector(testid)))
    }

    /// The `data-` attribute of the element with this `data-testid`; empty while there is none.
    #[track_caller]
    pub fn data(&self, testid: &str, name: &str) -> String {
        let script = "return document.querySelector(arguments[0])?.getAttribute('data-' + arguments[1]) ?? ''";
        let value = self.chromium.session.run(script, json!([selector(testid), name]));
        value.as_str().expect("an attribute is text").to_owned()
    }

    /// The kinds of all problems that the page tells of, by the names of their errors.
    #[track_caller]
    pub fn errors(&self) -> BTreeSet<String> {
        self.data("error", "errors").split_whitespace().map(str::to_owned).collect()
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
            if (!canvas) return { empty: true, width: 28, opaque: 0, pixels: [] };
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
        (0..VAE_CODE).map(|d| self.value(&format!("latent-{d}")).parse().expect("a slider's number")).collect()
    }

    /// Where this page's downloads go.
    pub fn downloads(&self) -> &Path {
        &self.chromium.downloads
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
        wait_for("an engine that is ready", || match self.data("device", "state").as_str() {
            "ready" => Ok(()),
            other => Err(format!("{other}; {}; {}", self.text("device"), self.text("error"))),
        });
        // What shows models is there as soon as the engine has told which there are, and the chapter with its text.
        self.wait_until("the models", "Number(document.querySelector('[data-testid=device]').dataset.models) > 0");
        self.wait_until("the chapter", "document.querySelector('.neighbours') !== null");
        self.wait_for_parts();
    }

    /// Waits until the parts of the program that the chapter needs are there, or told to be missing.
    #[track_caller]
    fn wait_for_parts(&self) {
        let loading = ".chapter-loading, .train-loading:not([hidden])";
        self.wait_until("the parts of the program", &format!("document.querySelector('{loading}') === null"));
    }

    /// Waits until the engine on `device` is ready.
    #[track_caller]
    pub fn wait_for_device(&self, device: Device) {
        wait_for(&format!("the device {}", device.name()), || {
            let found = self.data("device", "device");
            if found == device.name() { Ok(()) } else { Err(format!("{found}; {}", self.text("error"))) }
        });
        self.wait_until_ready();
    }

    /// Waits until the page tells of an error of this kind, and of these facts (names, numbers, another's words).
    #[track_caller]
    pub fn wait_for_error(&self, kind: &str, facts: &[&str]) {
        wait_for(&format!("an error of the kind {kind} with {facts:?}"), || {
            let text = self.text("error");
            let told = self.errors().contains(kind) && facts.iter().all(|fact| text.contains(fact));
            if told { Ok(()) } else { Err(format!("{:?}: {text}", self.errors())) }
        });
    }

    /// Waits until the page tells of a problem that led to this.
    #[track_caller]
    pub fn wait_for_outcome(&self, outcome: &str) {
        wait_for(&format!("a problem that {outcome}"), || {
            let found = self.data("error", "outcomes");
            if found.split_whitespace().any(|found| found == outcome) { Ok(()) } else { Err(found) }
        });
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

    /// Follows a link of the page to a chapter, and waits until it is there.
    #[track_caller]
    pub fn go(&self, link: &str) {
        let name = link.trim_start_matches("#/").split('?').next().unwrap_or_default();
        let name = if name.is_empty() { "start" } else { name };
        self.run(&format!("location.hash = '{link}'"));
        self.wait_until(
            "the chapter",
            &format!("document.querySelector('[data-chapter={name}] .neighbours') !== null"),
        );
        self.wait_for_parts();
    }

    /// Takes away what is drawn when the page opens.
    #[track_caller]
    pub fn clear_drawing(&self) {
        self.click("draw-clear");
        self.wait_for_blank(&["seen"]);
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
        self.wait_for_element(testid);
        let element = self.chromium.session.find(&selector(testid));
        self.chromium.session.press(&element, keys);
    }

    /// Presses keys one after another, wherever the focus is.
    #[track_caller]
    pub fn type_keys(&self, keys: &str) {
        let press = |key: char| [json!({ "type": "keyDown", "value": key }), json!({ "type": "keyUp", "value": key })];
        let actions: Vec<Value> = keys.chars().flat_map(press).collect();
        let keyboard = json!({ "type": "key", "id": "keyboard", "actions": actions });
        self.chromium.session.post("actions", &json!({ "actions": [keyboard] }));
    }

    /// Moves a slider to `value` and tells the page, as a drag does.
    #[track_caller]
    pub fn slide(&self, testid: &str, value: f32) {
        self.set_value(testid, &value.to_string(), "input");
    }

    /// Chooses an option of a select by its value.
    #[track_caller]
    pub fn choose(&self, testid: &str, value: &str) {
        self.set_value(testid, value, "change");
    }

    /// Gives a field a value and dispatches the `event` that tells the page.
    #[track_caller]
    pub fn set_value(&self, testid: &str, value: &str, event: &str) {
        self.wait_for_element(testid);
        let script = "
            const field = document.querySelector(arguments[0]);
            field.value = arguments[1];
            field.dispatchEvent(new Event(arguments[2], { bubbles: true }));";
        self.chromium.session.run(script, json!([selector(testid), value, event]));
    }

    #[track_caller]
    fn wait_for_element(&self, testid: &str) {
        self.wait_until(testid, &format!("document.querySelector('{}') !== null", selector(testid)));
    }

    /// Scrolls so that an element, as soon as it is there, is in the middle of the window, at once.
    #[track_caller]
    pub fn show(&self, selector: &str) {
        let script = "
            const element = document.querySelector(arguments[0]);
            element?.scrollIntoView({ block: 'center', behavior: 'instant' });
            return element !== null;";
        wait_for(selector, || {
            let is_there = self.chromium.session.run(script, json!([selector])) == true;
            is_there.then_some(()).ok_or_else(|| "it is not there".to_string())
        });
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
