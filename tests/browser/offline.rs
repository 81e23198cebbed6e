//! Without a network, and with a new version: the service worker keeps the site, and keeps versions apart.

use std::fs;
use std::path::Path;

use bottleneck::site::files::{File, Files, SERVICE_WORKER, service_worker};
use serde_json::Value;

use crate::harness::run::{LINEAR, LONG, begin, wait_for_step};
use crate::harness::{Device, Page, Pointer, Served, Visit, wait_for};

const ABOUT: &str = "#/about";
const ABOUT_TEXT: &str = "content/en/about.html";
/// Read by an engine's worker when it trains.
const LABELS: &str = "data/mnist/train-labels-idx1-ubyte.gz";
const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Resolves to the files that are kept, one a line.
const KEPT: &str = "
    if (!navigator.serviceWorker.controller) return '';
    const { port1, port2 } = new MessageChannel();
    const listed = new Promise((resolve) => { port1.onmessage = ({ data }) => resolve(data); });
    navigator.serviceWorker.controller.postMessage({ request: 'list' }, [port2]);
    return (await listed).filter(({ kept }) => kept).map(({ path }) => path).join('\\n');";

#[test]
#[ignore = "needs the built site: make test runs it"]
fn after_one_visit_the_page_needs_no_network() {
    let page = Visit::on(Device::Cpu).with_service_worker().ready();
    page.wait_for_picture("reconstruction");
    wait_until_kept(&page);
    page.site.cut();
    page.reload();
    page.wait_for_picture("reconstruction");
    page.clear_drawing();
    page.draw_three(Pointer::Mouse);
    page.wait_for_picture("reconstruction");
    page.go(ABOUT);
    page.wait_until("the chapter's text", "document.querySelector('main h1') !== null");
    assert!(page.errors().is_empty(), "{:?}: {}", page.errors(), page.text("error"));
    // What was never opened cannot be there, and is missed in a sentence.
    page.go("#/denoising");
    page.wait_for_error("fetch", &["models/denoising.safetensors"]);
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn everything_is_kept_when_a_person_wants_that() {
    let page = Visit::on(Device::Cpu).link(ABOUT).with_service_worker().ready();
    wait_for_files(&page, "some");
    page.click("offline-keep");
    wait_for_files(&page, "all");
    page.site.cut();
    page.reload();
    page.go("#/denoising");
    page.wait_for_picture("denoised");
    page.go(LINEAR);
    begin(&page, &[("knob-examples", 1000.0), ("knob-epochs", 1.0)]);
    wait_for_step(&page, 0);
    assert!(page.errors().is_empty(), "{:?}: {}", page.errors(), page.text("error"));
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn what_is_being_kept_goes_on_when_the_page_shows_another_chapter() {
    let page = Visit::on(Device::Cpu).link(ABOUT).with_service_worker().ready();
    wait_for_files(&page, "some");
    page.site.replace(LABELS, Served::Later);
    page.click("offline-keep");
    wait_for("the file that is to come", || {
        let asked = page.site.requested();
        if asked.iter().any(|asked| asked == LABELS) { Ok(()) } else { Err(format!("{asked:?}")) }
    });
    page.go(LINEAR);
    page.go(ABOUT);
    wait_for_files(&page, "keeping");
    // Whatever else the page asked the service worker meanwhile is answered by now.
    page.run_async(KEPT);
    assert_eq!(page.data("offline", "state"), "keeping");
    page.site.restore(LABELS);
    wait_for_files(&page, "all");
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn no_room_is_a_sentence() {
    let page = Visit::on(Device::Cpu).link(ABOUT).with_service_worker().ready();
    wait_for_files(&page, "some");
    page.limit_storage(Some(12_000_000));
    page.click("offline-keep");
    wait_for_files(&page, "full");
    page.limit_storage(None);
    page.site.cut();
    page.click("offline-keep");
    wait_for_files(&page, "failed");
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_new_version_waits_for_a_run_to_end() {
    let page = Visit::on(Device::Cpu).link(LINEAR).with_service_worker().ready();
    wait_until_kept(&page);
    begin(&page, &LONG);
    let before = wait_for_step(&page, 0);
    let build = build(&page);
    serve_new_version(&page);
    look_for_update(&page);
    wait_for_offer(&page);
    // The run goes on, and what the page asks for now is still of its own version; weights that were not kept are the same in both.
    let during = wait_for_step(&page, before);
    page.go("#/tied");
    page.wait_for_picture("reconstruction");
    assert_eq!(self::build(&page), build);
    page.go(ABOUT);
    page.wait_until("the chapter's text", "document.querySelector('main h1') !== null");
    assert_eq!(page.evaluate("document.querySelector('main').innerText.includes('Another version')"), "false");
    page.go(LINEAR);
    wait_for_step(&page, during);

    page.click("update-load");
    wait_for_new_version(&page);
    page.wait_until_ready();
    page.go(ABOUT);
    page.wait_until("its text", "document.querySelector('main').innerText.includes('Another version')");
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_page_of_the_old_version_stays_so_when_another_loads_the_new_one() {
    let page = Visit::on(Device::Cpu).link(LINEAR).with_service_worker().ready();
    wait_until_kept(&page);
    let old = page.tab();
    let build = build(&page);
    let new = page.open_tab(LINEAR);
    page.wait_until_ready();
    serve_new_version(&page);
    look_for_update(&page);
    wait_for_offer(&page);
    page.click("update-load");
    wait_for_new_version(&page);
    page.go(ABOUT);
    page.wait_until("its text", "document.querySelector('main').innerText.includes('Another version')");

    page.go_to_tab(&old);
    assert_eq!(self::build(&page), build);
    wait_for_offer(&page);
    page.go(ABOUT);
    page.wait_until("the chapter's text", "document.querySelector('main h1') !== null");
    assert_eq!(page.evaluate("document.querySelector('main').innerText.includes('Another version')"), "false");
    // A worker that it starts now is of its version too, in which the labels can be read; the trainer's program was not kept,
    // and is the same in both.
    page.go(LINEAR);
    begin(&page, &LONG);
    wait_for_step(&page, 0);
    assert!(page.errors().is_empty(), "{:?}: {}", page.errors(), page.text("error"));
    let asks =
        "const text = await (await fetch('./content/en/about.html')).text(); return text.includes('Another version')";
    assert_eq!(page.run_async(asks), false);
    page.go_to_tab(&new);
    assert_eq!(self::build(&page), "new");
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn the_page_can_be_installed() {
    let page = Visit::on(Device::Cpu).open();
    let manifest = "
        const link = document.querySelector('link[rel=manifest]');
        const manifest = await (await fetch(link.href)).json();
        const base = link.href;
        const icons = await Promise.all(manifest.icons.map(async ({ src, sizes, type, purpose }) => {
            const image = await createImageBitmap(await (await fetch(new URL(src, base))).blob()).catch(() => null);
            return { sizes, type, purpose, found: image && `${image.width}x${image.height}` };
        }));
        return { start: new URL(manifest.start_url, base).href, scope: new URL(manifest.scope, base).href, icons };";
    let manifest = page.run_async(manifest);
    let here = page.site.address("");
    assert_eq!((&manifest["start"], &manifest["scope"]), (&Value::from(here.clone()), &Value::from(here)));
    let icons = manifest["icons"].as_array().expect("icons");
    for icon in icons.iter().filter(|icon| icon["type"] == "image/png") {
        assert_eq!(icon["sizes"], icon["found"], "{icon}");
    }
    let has = |size: &str, purpose: Value| icons.iter().any(|icon| icon["sizes"] == size && icon["purpose"] == purpose);
    assert!(has("192x192", Value::Null) && has("512x512", Value::Null) && has("512x512", "maskable".into()));
}

/// Waits until the service worker has all that the page has asked for, the engine's worker too.
#[track_caller]
fn wait_until_kept(page: &Page) {
    page.wait_until("all loaded", "document.querySelector('.loading-bar').classList.contains('gone')");
    let asked = || page.site.requested().into_iter().filter(|asked| asked.starts_with("models/"));
    wait_for("files that are kept", || {
        let kept = page.run_async(KEPT);
        let kept: Vec<&str> = kept.as_str().unwrap_or_default().lines().collect();
        match asked().find(|asked| !kept.contains(&&**asked)) {
            Some(missing) => Err(format!("{missing} is not among {kept:?}")),
            None if kept.is_empty() => Err("nothing is kept".to_owned()),
            None => Ok(()),
        }
    });
}

#[track_caller]
fn wait_for_files(page: &Page, state: &str) {
    wait_for(&format!("files of which {state} are kept"), || {
        let found = page.data("offline", "state");
        if found == state { Ok(()) } else { Err(format!("{found}: {}", page.text("offline"))) }
    });
}

#[track_caller]
fn wait_for_offer(page: &Page) {
    page.wait_until("the offer", "document.querySelector('[data-testid=update]') !== null");
}

/// The version of the page.
fn build(page: &Page) -> String {
    page.evaluate("document.documentElement.dataset.build")
}

#[track_caller]
fn wait_for_new_version(page: &Page) {
    wait_for("the new version", || {
        let found = build(page);
        if found == "new" { Ok(()) } else { Err(found) }
    });
}

/// As the browser does whenever the page is opened.
fn look_for_update(page: &Page) {
    page.run_async("await (await navigator.serviceWorker.getRegistration()).update()");
}

/// Puts a version on the server in which one text is another, and no labels can be read.
fn serve_new_version(page: &Page) {
    let read = |path: &str| fs::read_to_string(Path::new(ROOT).join(path)).expect("a file of the site");
    let worker = read(&format!("dist/{SERVICE_WORKER}"));
    let list = worker.lines().find_map(|line| line.strip_prefix("const FILES = ")).expect("the list");
    let list = list.split_once("}};").expect("the end of the list").0;
    let mut files: Files = serde_json::from_str(&format!("{list}}}}}")).expect("a list");
    let old = build(page);
    let index = read("dist/index.html").replace(&format!("data-build=\"{old}\""), "data-build=\"new\"");
    let about = read(&format!("dist/{ABOUT_TEXT}")).replace("</h1>", ": Another version</h1>");
    for (path, text) in [("index.html", index), (ABOUT_TEXT, about), (LABELS, "no labels".to_owned())] {
        files.insert(path.to_owned(), File::new(path, text.as_bytes()));
        page.site.replace(path, Served::Bytes(text.into_bytes()));
    }
    let source = read(&format!("www/{SERVICE_WORKER}"));
    let worker = service_worker(&source, "new", &files).expect("a service worker");
    page.site.replace(SERVICE_WORKER, Served::Bytes(worker.into_bytes()));
}
