//! The list of the site's files, by which the service worker keeps them and keeps versions apart.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The service worker is in no list: it holds the list.
pub const SERVICE_WORKER: &str = "service_worker.js";
/// The page, which is told which version it is of.
pub const PAGE: &str = "index.html";

/// Larger files are kept when they are first asked for, but for the programs without which there is no page and no answer, all parts of the
/// page's among them.
const CORE_BYTES: usize = 100_000;
const CORE_PROGRAMS: [&str; 2] = ["page-", "engine_cpu"];

/// What the service worker must know of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Half of the SHA-256, in hexadecimal digits.
    pub hash: String,
    pub bytes: usize,
    /// Whether it is kept as soon as the page has been opened once.
    pub core: bool,
}

impl File {
    /// What is told of the file that has these bytes.
    pub fn new(path: &str, bytes: &[u8]) -> Self {
        let core = bytes.len() <= CORE_BYTES || CORE_PROGRAMS.iter().any(|program| path.starts_with(program));
        File { hash: hash(bytes), bytes: bytes.len(), core }
    }
}

/// The files of a version by their paths, relative to the page.
pub type Files = BTreeMap<String, File>;

/// The files in the folder of a site.
///
/// # Errors
/// Where one cannot be read.
pub fn list(site: &Path) -> io::Result<Files> {
    let mut files = Files::new();
    add(site, "", &mut files)?;
    files.remove(SERVICE_WORKER);
    Ok(files)
}

fn add(folder: &Path, prefix: &str, files: &mut Files) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            add(&entry.path(), &format!("{path}/"), files)?;
        } else {
            let file = File::new(&path, &fs::read(entry.path())?);
            files.insert(path, file);
        }
    }
    Ok(())
}

/// The name of a version: it is another one if any file is.
pub fn build_id(files: &Files) -> String {
    let all: String = files.iter().map(|(path, file)| format!("{path} {}\n", file.hash)).collect();
    hash(all.as_bytes())[..16].to_owned()
}

/// Writes the version into the page and the service worker of the site in a folder; `source` is the service worker's.
///
/// # Errors
/// Where a file cannot be read or written, or has no place for what is written into it.
pub fn seal(site: &Path, source: &str) -> io::Result<()> {
    let mut files = list(site)?;
    let build = build_id(&files);
    let page = filled(&fs::read_to_string(site.join(PAGE))?, "<html ", &format!("<html data-build=\"{build}\" "))?;
    fs::write(site.join(PAGE), &page)?;
    files.insert(PAGE.to_owned(), File::new(PAGE, page.as_bytes()));
    fs::write(site.join(SERVICE_WORKER), service_worker(source, &build, &files)?)
}

/// The service worker of a version.
///
/// # Errors
/// Where its source has no place for the version and its list.
pub fn service_worker(source: &str, build: &str, files: &Files) -> io::Result<String> {
    let list = serde_json::to_string(files)?;
    let source = filled(source, "const BUILD = \"\";", &format!("const BUILD = \"{build}\";"))?;
    filled(&source, "const FILES = {};", &format!("const FILES = {list};"))
}

/// `text` with the one `place` in it replaced.
fn filled(text: &str, place: &str, by: &str) -> io::Result<String> {
    match text.matches(place).count() {
        1 => Ok(text.replace(place, by)),
        count => Err(io::Error::other(format!("`{place}` is there {count} times, not once"))),
    }
}

fn hash(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_another_one_if_any_file_is() {
        let files = |text: &str| Files::from([("a.html".to_owned(), File::new("a.html", text.as_bytes()))]);
        // SHA-256 of nothing, as everybody knows it.
        assert_eq!(files("")["a.html"].hash, "e3b0c44298fc1c149afbf4c8996fb924");
        assert_eq!(build_id(&files("a")), build_id(&files("a")));
        assert_ne!(build_id(&files("a")), build_id(&files("b")));
    }

    #[test]
    fn what_the_page_starts_with_is_kept_at_once() {
        let core = |path, bytes| File::new(path, &vec![0; bytes]).core;
        assert!(core("content/en/start.html", 30_000) && core("page-0/app_bg.wasm", 2_000_000));
        assert!(core("engine_cpu_bg.wasm", 2_000_000) && !core("engine_gpu_bg.wasm", 2_000_000));
    }

    #[test]
    fn a_service_worker_has_its_version_and_its_list() {
        let source = include_str!("../../www/service_worker.js");
        let files = Files::from([("a.html".to_owned(), File::new("a.html", b""))]);
        let worker = service_worker(source, "0123", &files).unwrap();
        assert!(worker.contains("const BUILD = \"0123\";\nconst FILES = {\"a.html\":{\"hash\":\"e3b0"), "{worker}");
        assert!(service_worker("", "0123", &files).is_err());
    }
}
