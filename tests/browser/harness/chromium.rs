//! Chromium through chromedriver, headless, with or without a WebGPU adapter.

use std::io::{BufRead, BufReader, ErrorKind};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::webdriver::Session;

/// As in `tools/setup.sh`.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// A window that is quiet, that root may open, and whose language is known.
const FLAGS: [&str; 13] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    // It asks a server of its own about every form with a few fields.
    "--disable-features=AutofillServerCommunication",
    "--disable-quic",
    "--no-first-run",
    "--lang=en-US",
    "--accept-lang=en-US",
    "--force-device-scale-factor=1",
    "--window-size=1280,900",
];

/// Chromium says so wherever a page asks for an adapter in vain.
const NO_ADAPTER: &str = "No available adapters.";

/// An empty folder that no other browser has, for its profile and its downloads; removed with the value. Chromium leaves some of its
/// files where it ends by force. It lies in the system's folder: the path of a socket in it may have some 100 letters.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Folder {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("bottleneck-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        Folder(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Chromium's last process may still write to it.
        let removed = || std::fs::remove_dir_all(&self.0).map_err(|error| error.kind());
        let _ = (0..10).find(|_| match removed() {
            Err(ErrorKind::DirectoryNotEmpty) => {
                std::thread::sleep(Duration::from_millis(100));
                false
            }
            _ => true,
        });
    }
}

/// What the browser wrote to its console.
#[derive(Deserialize)]
struct ConsoleEntry {
    level: String,
    message: String,
}

/// A running Chromium with one window, an empty profile and nothing cached.
pub struct Chromium {
    pub session: Session,
    pub downloads: PathBuf,
    // After the session, which needs it to end.
    _driver: Driver,
    // After the driver, which writes to it.
    _folder: Folder,
}

impl Chromium {
    /// Starts it; with `adapter` it has a WebGPU adapter (a software one, on the processor), without it none. Requests to
    /// other hosts than this go to `proxy`, where they can be seen.
    pub fn start(adapter: bool, proxy: &str) -> Chromium {
        let folder = Folder::new();
        let driver = Driver::start(&folder.0);
        let mut flags: Vec<String> = FLAGS.map(str::to_owned).into();
        flags.push(format!("--proxy-server={proxy}"));
        if adapter {
            flags.push("--enable-unsafe-webgpu".into());
        }
        let downloads = folder.0.join("downloads");
        let mut options = json!({ "args": flags, "prefs": { "download.default_directory": downloads } });
        if let Some(browser) = BROWSERS.iter().find_map(|name| on_path(name)) {
            options["binary"] = json!(browser);
        }
        let capabilities = json!({
            "browserName": "chrome",
            "goog:chromeOptions": options,
            "goog:loggingPrefs": { "browser": "ALL" },
        });
        Chromium { session: Session::new(&driver.url, capabilities), downloads, _driver: driver, _folder: folder }
    }

    /// The warnings and errors on the console since it was last asked for.
    pub fn complaints(&self) -> Vec<String> {
        let entries = self.session.post("se/log", &json!({ "type": "browser" }));
        let entries: Vec<ConsoleEntry> = serde_json::from_value(entries).expect("console entries");
        let complaints = entries.into_iter().filter(|entry| matches!(&*entry.level, "WARNING" | "SEVERE"));
        complaints.map(|entry| entry.message).filter(|message| !message.ends_with(NO_ADAPTER)).collect()
    }

    /// Runs `script` in every page opened from now on, before the page's own scripts.
    pub fn before_load(&self, script: &str) {
        self.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": script }));
    }

    /// A screen of this size in CSS pixels; a mobile one is touched.
    pub fn screen(&self, width: u32, height: u32, mobile: bool) {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics);
        self.devtools("Emulation.setTouchEmulationEnabled", json!({ "enabled": mobile }));
    }

    /// A command of the Chrome DevTools Protocol, and its answer.
    pub fn devtools(&self, command: &str, parameters: Value) -> Value {
        self.session.post("goog/cdp/execute", &json!({ "cmd": command, "params": parameters }))
    }
}

/// chromedriver, on a port of its own; ends with the value.
struct Driver {
    process: Child,
    url: String,
    // Closed only at the end: chromedriver writes to it.
    _output: BufReader<ChildStdout>,
}

impl Driver {
    /// Starts it with a folder for what it and its browser keep.
    fn start(folder: &Path) -> Driver {
        // It asks for a free port twice, for IPv4 and for the same one in IPv6, and ends where another program has the second.
        (0..5).find_map(|_| Self::try_start(folder)).expect("chromedriver names its port")
    }

    fn try_start(folder: &Path) -> Option<Driver> {
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .env("TMPDIR", folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("chromedriver does not start ({error}): run `make setup-test` first"));
        let mut output = BufReader::new(process.stdout.take().expect("its output is piped"));
        let Some(port) = port(&mut output) else {
            let _ = process.wait();
            return None;
        };
        Some(Driver { process, url: format!("http://127.0.0.1:{port}"), _output: output })
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Both fail only when it has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The port that chromedriver says it was started on.
fn port(output: &mut impl BufRead) -> Option<u16> {
    let lines = output.lines().map_while(Result::ok);
    let started = lines.into_iter().find(|line| line.contains("started successfully on port"))?;
    started.trim_end_matches('.').rsplit(' ').next()?.parse().ok()
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}
