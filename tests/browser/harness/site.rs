//! The built site as a static host would serve it, below a sub-path; single files can be replaced.

use std::collections::HashMap;
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use tiny_http::{Header, Response, Server};

/// Where `make build` leaves the site.
pub const DIST: &str = "dist";
/// The site must run from any sub-path.
const BASE: &str = "/lesson/bottleneck/";
/// A browser opens up to six connections to a host.
const THREADS: usize = 6;

/// Where Chromium itself goes, whatever the page does.
const BROWSERS_OWN: [&str; 4] =
    [".google.com", ".gvt1.com", "update.googleapis.com", "optimizationguide-pa.googleapis.com"];

/// What is served in place of a file.
pub enum Served {
    Missing,
    Bytes(Vec<u8>),
    /// Nothing, until something else is served.
    Later,
}

/// The path of a file of the page's program, whose folder has a version in its name.
///
/// # Panics
/// If the site has no such file.
pub fn page_program(file: &str) -> String {
    let entries = std::fs::read_dir(DIST).expect("dist/ can be read").map(|entry| entry.expect("an entry"));
    let mut folders = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let folder = folders.find(|name| name.starts_with("page-")).expect("the folder of the page's program");
    format!("{folder}/{file}")
}

/// A web server for `dist/`.
pub struct Site {
    server: Arc<Server>,
    shared: Arc<Shared>,
}

struct Shared {
    replaced: Mutex<HashMap<String, Served>>,
    requested: Mutex<Vec<String>>,
    cut: AtomicBool,
}

impl Site {
    /// Serves `dist/` with the files named in `replaced` (relative to it) replaced.
    ///
    /// # Panics
    /// If the site has not been built.
    pub fn serve(replaced: HashMap<String, Served>) -> Site {
        let root = Path::new(DIST);
        assert!(root.join("index.html").is_file(), "there is no site in dist/: run `make build` first");
        for file in replaced.keys() {
            assert!(root.join(file).is_file(), "dist/ has no {file} to replace");
        }
        let server = Arc::new(Server::http("127.0.0.1:0").expect("a free port"));
        let shared = Arc::new(Shared {
            replaced: Mutex::new(replaced),
            requested: Mutex::default(),
            cut: AtomicBool::default(),
        });
        for _ in 0..THREADS {
            let (server, shared) = (server.clone(), shared.clone());
            thread::spawn(move || {
                while let Ok(request) = server.recv() {
                    if shared.cut.load(Ordering::Relaxed) {
                        // No response of HTTP: the browser takes it for no connection, and at once.
                        let mut writer = request.into_writer();
                        let _ = writer.write_all(b"no network, no network\r\n\r\n").and_then(|()| writer.flush());
                        continue;
                    }
                    let response = shared.answer(request.url());
                    // The browser may have closed the connection: its own affair.
                    let _ = request.respond(response);
                }
            });
        }
        Site { server, shared }
    }

    /// `127.0.0.1` and the port.
    pub fn host(&self) -> String {
        self.server.server_addr().to_string()
    }

    /// The address of the page, followed by `rest`.
    pub fn address(&self, rest: &str) -> String {
        format!("http://{}{BASE}{rest}", self.host())
    }

    /// Whether `asked` is a file of the site, and not of another or of none.
    pub fn has(&self, asked: &str) -> bool {
        let path = path(asked);
        !path.starts_with('/') && Path::new(DIST).join(path).is_file()
    }

    /// Answers nothing from now on, as if there were no network.
    pub fn cut(&self) {
        self.shared.cut.store(true, Ordering::Relaxed);
    }

    /// Serves something else in place of `file` from now on.
    pub fn replace(&self, file: &str, served: Served) {
        lock(&self.shared.replaced).insert(file.to_owned(), served);
    }

    /// Serves `file` as it is from now on.
    pub fn restore(&self, file: &str) {
        lock(&self.shared.replaced).remove(file);
    }

    /// The files asked for so far, relative to the page; addresses elsewhere as they were asked for.
    pub fn requested(&self) -> Vec<String> {
        let requested = lock(&self.shared.requested);
        requested.iter().filter(|asked| !is_browsers_own(asked)).cloned().collect()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        for _ in 0..THREADS {
            self.server.unblock();
        }
    }
}

impl Shared {
    fn answer(&self, url: &str) -> Response<std::io::Cursor<Vec<u8>>> {
        let asked = url.strip_prefix(BASE).unwrap_or(url);
        lock(&self.requested).push(asked.to_owned());
        let path = path(asked);
        while matches!(lock(&self.replaced).get(path), Some(Served::Later)) {
            thread::sleep(Duration::from_millis(20));
        }
        let bytes = match lock(&self.replaced).get(path) {
            Some(Served::Missing | Served::Later) => None,
            Some(Served::Bytes(bytes)) => Some(bytes.clone()),
            None if path.starts_with('/') || path.contains("..") => None,
            None => std::fs::read(Path::new(DIST).join(path)).ok(),
        };
        match bytes {
            Some(bytes) => respond(bytes, kind(path)),
            None => respond(b"not here".to_vec(), "text/plain").with_status_code(404),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// As a proxy is asked: `http://host/path` or, for HTTPS, `host:443`.
fn is_browsers_own(asked: &str) -> bool {
    let host = asked.strip_prefix("http://").unwrap_or(asked).split([':', '/']).next().unwrap_or_default();
    BROWSERS_OWN.iter().any(|own| host.ends_with(own))
}

/// The file that is asked for.
fn path(asked: &str) -> &str {
    match asked.split(['?', '#']).next() {
        None | Some("") => "index.html",
        Some(path) => path,
    }
}

/// Always with a length, which the page's progress bar needs.
fn respond(bytes: Vec<u8>, kind: &str) -> Response<std::io::Cursor<Vec<u8>>> {
    let kind = Header::from_bytes("Content-Type", kind).expect("a media type is ASCII");
    Response::from_data(bytes).with_header(kind).with_chunked_threshold(usize::MAX)
}

fn kind(path: &str) -> &'static str {
    match Path::new(path).extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("json" | "webmanifest") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("wasm") => "application/wasm",
        Some("gz") => "application/gzip",
        _ => "application/octet-stream",
    }
}
