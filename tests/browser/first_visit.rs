//! What a first visit costs: bytes, as a server that compresses sends them, until a drawing is rebuilt and in all.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::harness::{Device, Page, Visit};

/// Until the drawing that stands on the canvas is rebuilt.
const UNTIL_REBUILT: usize = 1_300_000;
/// All that the start page fetches by itself.
const IN_ALL: usize = 5_000_000;

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_first_visit_is_small() {
    let page = Visit::on(Device::Cpu).ready();
    page.wait_for_picture("reconstruction");
    let until_rebuilt = bytes(&page);
    page.wait_until("all loaded", "document.querySelector('.loading-bar').classList.contains('gone')");
    let in_all = bytes(&page);
    println!("{until_rebuilt} bytes until a drawing is rebuilt, {in_all} in all");
    assert!(until_rebuilt <= UNTIL_REBUILT, "{until_rebuilt}: {:?}", page.site.requested());
    assert!(in_all <= IN_ALL, "{in_all}: {:?}", page.site.requested());
}

/// The bytes of all files that were asked for, each once; gzip -9 where that is smaller.
fn bytes(page: &Page) -> usize {
    let requested = page.site.requested();
    let file = |asked: &String| asked.split(['?', '#']).next().unwrap_or_default().to_owned();
    let files: BTreeSet<String> = requested.iter().map(file).collect();
    let size = |file: &String| {
        let file = if file.is_empty() { "index.html" } else { file };
        let bytes = std::fs::read(Path::new("dist").join(file)).unwrap_or_default();
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&bytes).expect("writing to memory");
        encoder.finish().expect("writing to memory").len().min(bytes.len())
    };
    files.iter().map(size).sum()
}
