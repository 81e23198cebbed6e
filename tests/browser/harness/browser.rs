//! The browser around the page: its tabs, its storage.

use serde_json::{Value, json};

use super::page::Page;
use super::wait::wait_for;

/// Has the page count the values that VALUE takes while it is hidden, and tell it whenever it is asked. WebDriver cannot
/// ask: it brings the tab that it asks to the front.
const TELL: &str = "
    const line = new BroadcastChannel('hidden');
    const values = new Set();
    line.onmessage = () => {
        if (document.visibilityState === 'hidden') values.add(VALUE);
        line.postMessage(values.size);
    };";
const HEAR: &str = "
    window.line = new BroadcastChannel('hidden');
    window.line.onmessage = ({ data }) => { window.answer = data; };";

impl Page {
    /// Opens another tab before the page's, waits until a JavaScript value in the page, which nobody sees now, has changed this
    /// many times, and comes back.
    #[track_caller]
    pub fn hide_until_changed(&self, value: &str, times: usize) {
        let session = &self.chromium.session;
        self.run(&TELL.replace("VALUE", value));
        let (own, other) = (session.get("window"), session.post("window/new", &json!({ "type": "tab" })));
        session.post("window", &json!({ "handle": other["handle"] }));
        // Only a page of the same origin can ask.
        session.go(&self.site.address("engine_loader.js"));
        self.run(HEAR);
        wait_for("changes in a hidden page", || {
            let values = self.evaluate("window.line.postMessage('how many?'), window.answer");
            if values.parse().is_ok_and(|values: usize| values > times) { Ok(()) } else { Err(values) }
        });
        session.post("window", &json!({ "handle": own }));
        self.wait_until("a page in sight", "document.visibilityState === 'visible'");
    }

    /// The tab in front, to come back to.
    #[track_caller]
    pub fn tab(&self) -> Value {
        self.chromium.session.get("window")
    }

    /// Opens the page by a link in another tab, which is in front then.
    #[track_caller]
    pub fn open_tab(&self, link: &str) -> Value {
        let session = &self.chromium.session;
        let tab = session.post("window/new", &json!({ "type": "tab" }))["handle"].clone();
        self.go_to_tab(&tab);
        session.go(&self.site.address(link));
        tab
    }

    #[track_caller]
    pub fn go_to_tab(&self, tab: &Value) {
        self.chromium.session.post("window", &json!({ "handle": tab }));
    }

    /// Lets the page's origin store this many bytes, or, with None, as many as ever.
    #[track_caller]
    pub fn limit_storage(&self, bytes: Option<u64>) {
        let origin = self.evaluate("location.origin");
        let limit = match bytes {
            Some(bytes) => json!({ "origin": origin, "quotaSize": bytes }),
            None => json!({ "origin": origin }),
        };
        self.chromium.devtools("Storage.overrideQuotaForOrigin", limit);
    }
}
