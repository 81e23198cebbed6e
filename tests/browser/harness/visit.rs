//! How a test comes to a page: with which browser, which files replaced, by which link.

use std::collections::HashMap;

use bottleneck::ui::state::route::Chapter;
use serde_json::json;

use super::chromium::Chromium;
use super::page::Page;
use super::permit::Permit;
use super::site::{DIST, Served, Site};

/// Where the models run when nobody chooses: this depends on the browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Device {
    /// In a browser with a WebGPU adapter.
    WebGpu,
    /// In a browser without.
    Cpu,
}

impl Device {
    /// Its name in the page's attributes and links.
    pub const fn name(self) -> &'static str {
        match self {
            Device::WebGpu => "webgpu",
            Device::Cpu => "cpu",
        }
    }
}

/// Links to the chapters that most tests are about.
pub const DENOISE: &str = "#/denoising";
pub const LATENT: &str = "#/variational";

/// The links of all chapters.
pub fn chapters() -> impl Iterator<Item = String> {
    Chapter::ALL.into_iter().map(Chapter::link)
}

/// To run before the page's scripts: `window.workers` are the workers that it has started, each with the name of its `engine`.
pub const KEEP_WORKERS: &str = "
    window.workers = [];
    window.Worker = class extends Worker {
        constructor(...args) {
            super(...args);
            this.engine = new URL(args[0], location).searchParams.get('engine');
            window.workers.push(this);
        }
    };";

/// To run before the page's scripts, in place of the clipboard, which a browser without a window does not give.
pub const CLIPBOARD: &str = "
    navigator.clipboard.writeText = async (text) => { window.copied = text; };";

/// A service worker would ask for files that no test asks for, and keep them apart from what a test replaces.
const NO_SERVICE_WORKER: &str = "delete Navigator.prototype.serviceWorker;";

/// A visit that is being prepared.
pub struct Visit {
    device: Device,
    link: String,
    replaced: HashMap<String, Served>,
    before_load: Vec<String>,
    screen: Option<(u32, u32, bool)>,
    alone: bool,
    service_worker: bool,
    reduced_motion: bool,
    chosen: bool,
}

impl Visit {
    pub fn on(device: Device) -> Visit {
        let (link, replaced, before_load) = Default::default();
        Visit {
            device,
            link,
            replaced,
            before_load,
            screen: None,
            alone: false,
            service_worker: false,
            reduced_motion: false,
            chosen: true,
        }
    }

    /// Lets the page choose the device, and divide the work between two. Without this, a browser with an adapter computes
    /// everything on it, as if the person had chosen it.
    pub fn automatic(mut self) -> Visit {
        self.chosen = false;
        self
    }

    /// Comes by a link: what follows the page's own address. One with a query says itself where the models run.
    pub fn link(mut self, link: &str) -> Visit {
        self.link = link.to_owned();
        self
    }

    /// Serves something else in place of `file`.
    pub fn replace(mut self, file: &str, served: Served) -> Visit {
        self.replaced.insert(file.to_owned(), served);
        self
    }

    /// Serves what `change` makes of `file`.
    pub fn edit(self, file: &str, change: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Visit {
        let bytes = std::fs::read(format!("{DIST}/{file}"))
            .unwrap_or_else(|_| panic!("no {file} in dist/: run `make build` first"));
        self.replace(file, Served::Bytes(change(bytes)))
    }

    /// Runs `script` in the page before its own scripts.
    pub fn before_load(mut self, script: &str) -> Visit {
        self.before_load.push(script.to_owned());
        self
    }

    /// Runs `script` in every engine's worker before the engine.
    pub fn before_engine(self, script: &str) -> Visit {
        self.edit("engine_loader.js", |loader| [format!("{{{script}}}\n").as_bytes(), &loader].concat())
    }

    /// On a screen of this size; a mobile one fits the page's width by itself.
    pub fn screen(mut self, width: u32, height: u32, mobile: bool) -> Visit {
        self.screen = Some((width, height, mobile));
        self
    }

    /// Without another page beside it: something is measured that other work would spoil.
    pub fn alone(mut self) -> Visit {
        self.alone = true;
        self
    }

    /// In a browser whose service worker keeps the site.
    pub fn with_service_worker(mut self) -> Visit {
        self.service_worker = true;
        self
    }

    /// For a person who wants less motion.
    pub fn reduced_motion(mut self) -> Visit {
        self.reduced_motion = true;
        self
    }

    /// Opens the page; nothing needs to be there yet but its shell.
    pub fn open(self) -> Page {
        let permit = if self.alone { Permit::alone() } else { Permit::shared() };
        let site = Site::serve(self.replaced);
        let chromium = Chromium::start(self.device == Device::WebGpu, &site.host());
        if !self.service_worker {
            chromium.before_load(NO_SERVICE_WORKER);
        }
        for script in &self.before_load {
            chromium.before_load(script);
        }
        if let Some((width, height, mobile)) = self.screen {
            chromium.screen(width, height, mobile);
        }
        if self.reduced_motion {
            let features = [json!({ "name": "prefers-reduced-motion", "value": "reduce" })];
            chromium.devtools("Emulation.setEmulatedMedia", json!({ "features": features }));
        }
        let chosen = self.chosen && self.device == Device::WebGpu && !self.link.starts_with('?');
        let query = if chosen { "?device=webgpu" } else { "" };
        chromium.session.go(&site.address(&format!("{query}{}", self.link)));
        Page::new(chromium, site, permit)
    }

    /// Opens the page and waits until an engine computes.
    pub fn ready(self) -> Page {
        let page = self.open();
        page.wait_until_ready();
        page
    }
}
