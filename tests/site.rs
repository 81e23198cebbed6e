//! The site that `make build` leaves in dist/: what is downloaded, and that it runs from anywhere.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;

/// The largest that a program may be, gzip -9, in bytes: its WebAssembly and its JavaScript together. Of the page, whose files lie in a folder
/// of their own, what the browser starts with, and all the parts that it fetches when they are wanted.
const LIMITS: [(&str, &[&str], usize); 5] = [
    ("page", &["page-*/app.js", "page-*/app_bg.wasm", "page-*/parts.js"], 330_000),
    ("parts", &["page-*/split_figures.wasm", "page-*/split_training.wasm", "page-*/chunk_*.wasm"], 285_000),
    ("engine_cpu", &["engine_cpu.js", "engine_cpu_bg.wasm"], 520_000),
    ("trainer_cpu", &["trainer_cpu.js", "trainer_cpu_bg.wasm"], 1_150_000),
    ("engine_gpu", &["engine_gpu.js", "engine_gpu_bg.wasm"], 2_900_000),
];

fn dist() -> PathBuf {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("dist");
    assert!(dist.join("index.html").is_file(), "there is no site in dist/: run `make build` first");
    dist
}

fn gzipped(path: &Path) -> usize {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&fs::read(path).expect("a file of dist/ can be read")).expect("writing to memory");
    encoder.finish().expect("writing to memory").len()
}

/// The WebAssembly and JavaScript in `dist/`, and in the folder of the page's program.
fn programs() -> Vec<String> {
    let names = |folder: &Path| -> Vec<String> {
        let entries =
            fs::read_dir(folder).expect("dist/ can be read").map(|entry| entry.expect("an entry").file_name());
        entries.map(|name| name.to_string_lossy().into_owned()).collect()
    };
    let mut programs = names(&dist());
    for folder in programs.clone().iter().filter(|name| matches(name, "page-*")) {
        programs.extend(names(&dist().join(folder)).iter().map(|name| format!("{folder}/{name}")));
    }
    programs.retain(|name| name.ends_with(".wasm") || name.ends_with(".js"));
    programs
}

/// Whether the pattern is the path's: a `*` stands for any text in the name of the folder or of the file, at most once in each.
fn matches(path: &str, pattern: &str) -> bool {
    let (path, pattern): (Vec<_>, Vec<_>) = (path.split('/').collect(), pattern.split('/').collect());
    path.len() == pattern.len()
        && path.iter().zip(&pattern).all(|(name, pattern)| match pattern.split_once('*') {
            Some((start, end)) => name.starts_with(start) && name.ends_with(end),
            None => name == pattern,
        })
}

fn matching<'a>(programs: &'a [String], pattern: &str) -> Vec<&'a String> {
    let found: Vec<_> = programs.iter().filter(|path| matches(path, pattern)).collect();
    assert!(!found.is_empty(), "dist/ has no {pattern}");
    found
}

/// `make sizes` shows what this prints.
#[test]
#[ignore = "needs the built site: make test runs it"]
fn programs_stay_small() {
    let programs = programs();
    for (program, patterns, limit) in LIMITS {
        let parts: Vec<_> = patterns.iter().flat_map(|pattern| matching(&programs, pattern)).collect();
        let size: usize = parts.iter().map(|path| gzipped(&dist().join(path))).sum();
        println!("{program}: {:.0} of {:.0} kB", size as f64 / 1e3, limit as f64 / 1e3);
        assert!(size <= limit, "{program} is {size} bytes, more than {limit}");
    }
    let known =
        |path: &&String| LIMITS.iter().any(|(_, patterns, _)| patterns.iter().any(|pattern| matches(path, pattern)));
    let unknown: Vec<_> = programs.iter().filter(|path| path.ends_with(".wasm") && !known(path)).collect();
    assert!(unknown.is_empty(), "programs without a limit: {unknown:?}");
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn the_page_names_no_absolute_address_and_no_inline_script() {
    let page = fs::read_to_string(dist().join("index.html")).expect("index.html can be read");
    for bad in ["src=\"/", "href=\"/", "http://", "https://"] {
        assert!(!page.contains(bad), "index.html contains {bad}");
    }
    for script in page.split("<script").skip(1) {
        let (attributes, rest) = script.split_once('>').expect("a tag ends");
        assert!(attributes.contains("src="), "a script without src: {attributes}");
        assert!(rest.trim_start().starts_with("</script>"), "a script with text: {rest:.40}");
    }
}
