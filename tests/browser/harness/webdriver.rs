//! WebDriver, as much of it as the tests need. It is JSON over HTTP, so any browser's driver speaks it.
//!
//! Source: W3C WebDriver, <https://www.w3.org/TR/webdriver2/>.

use std::path::Path;

use base64::Engine;
use base64::prelude::BASE64_STANDARD as BASE64;
use serde_json::{Value, json};

/// Under this key an element is named (section 12.1).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// Longer than any script or navigation takes.
const TIMEOUT_S: u64 = 300;

/// One browser window under control; ends with the value.
pub struct Session {
    url: String,
}

/// An element of the page that was open when it was found.
pub struct Element(String);

impl Session {
    /// A new browser with `capabilities`, from the driver that listens at `driver`.
    pub fn new(driver: &str, capabilities: Value) -> Session {
        let body = json!({ "capabilities": { "alwaysMatch": capabilities } });
        let session = send(minreq::Method::Post, &format!("{driver}/session"), &body)
            .unwrap_or_else(|error| panic!("the browser does not start: {error}"));
        let id = session["sessionId"].as_str().expect("a new session has an id");
        Session { url: format!("{driver}/session/{id}") }
    }

    /// Sends a command; `path` is what follows the session's id.
    #[track_caller]
    pub fn post(&self, path: &str, body: &Value) -> Value {
        self.try_post(path, body).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Sends a command that may fail.
    pub fn try_post(&self, path: &str, body: &Value) -> Result<Value, String> {
        send(minreq::Method::Post, &format!("{}/{path}", self.url), body)
    }

    /// What a command answers that only asks.
    #[track_caller]
    pub fn get(&self, path: &str) -> Value {
        self.try_get(path).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    fn try_get(&self, path: &str) -> Result<Value, String> {
        send(minreq::Method::Get, &format!("{}/{path}", self.url), &Value::Null)
    }

    pub fn go(&self, url: &str) {
        self.post("url", &json!({ "url": url }));
    }

    /// Runs the body of a function, whose `arguments` are `args`, in the page.
    #[track_caller]
    pub fn run(&self, script: &str, args: Value) -> Value {
        self.post("execute/sync", &json!({ "script": script, "args": args }))
    }

    /// Runs the body of an asynchronous function in the page. WebDriver awaits what a script returns.
    #[track_caller]
    pub fn run_async(&self, script: &str) -> Value {
        self.run(&format!("return (async () => {{ {script} }})()"), json!([]))
    }

    /// The element that a CSS selector finds first.
    #[track_caller]
    pub fn find(&self, selector: &str) -> Element {
        let found = self.post("element", &json!({ "using": "css selector", "value": selector }));
        Element(found[ELEMENT].as_str().expect("a found element has an id").to_owned())
    }

    /// Clicks as a person does: fails where something lies above the element.
    pub fn click(&self, element: &Element) -> Result<(), String> {
        self.try_post(&format!("element/{}/click", element.0), &json!({})).map(drop)
    }

    /// Presses keys while the element has the focus.
    #[track_caller]
    pub fn press(&self, element: &Element, keys: &str) {
        self.post(&format!("element/{}/value", element.0), &json!({ "text": keys }));
    }

    /// Saves what the window shows as a PNG.
    pub fn screenshot(&self, path: &Path) -> Result<(), String> {
        let answer = self.try_get("screenshot")?;
        let png = BASE64.decode(answer.as_str().unwrap_or_default()).map_err(|error| error.to_string())?;
        std::fs::write(path, png).map_err(|error| error.to_string())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // A driver that no longer answers is ended by its owner.
        let _ = send(minreq::Method::Delete, &self.url, &Value::Null);
    }
}

fn send(method: minreq::Method, url: &str, body: &Value) -> Result<Value, String> {
    let mut request = minreq::Request::new(method, url).with_timeout(TIMEOUT_S);
    if !body.is_null() {
        request = request.with_json(body).map_err(|error| error.to_string())?;
    }
    let response = request.send().map_err(|error| error.to_string())?;
    let mut answer: Value = response.json().map_err(|error| error.to_string())?;
    let value = answer["value"].take();
    match value.get("error") {
        Some(error) if response.status_code != 200 => {
            let message = value["message"].as_str().unwrap_or_default();
            Err(format!("{}: {}", error.as_str().unwrap_or_default(), message.lines().next().unwrap_or_default()))
        }
        _ => Ok(value),
    }
}
