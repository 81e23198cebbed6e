//! The site that `make build` leaves in dist/: what is downloaded, and that it runs from anywhere.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;

/// The largest that a program may be, its WebAssembly and JavaScript together, gzip -9, in bytes.
const LIMITS: [(&str, usize); 4] =
    [("app", 560_000), ("engine_cpu", 625_000), ("trainer_cpu", 1_330_000), ("engine_gpu", 3_400_000)];

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

/// `make sizes` shows what this prints.
#[test]
#[ignore = "needs the built site: make test runs it"]
fn programs_stay_small() {
    for (program, limit) in LIMITS {
        let files = fs::read_dir(dist()).expect("dist/ can be read").map(|entry| entry.expect("an entry").path());
        let parts: Vec<PathBuf> = files
            .filter(|path| {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                name.starts_with(program) && (name.ends_with(".wasm") || name.ends_with(".js"))
            })
            .collect();
        assert_eq!(parts.len(), 2, "{program} is one .wasm and one .js: {parts:?}");
        let size: usize = parts.iter().map(|path| gzipped(path)).sum();
        println!("{program}: {:.0} of {:.0} kB", size as f64 / 1e3, limit as f64 / 1e3);
        assert!(size <= limit, "{program} is {size} bytes, more than {limit}");
    }
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
