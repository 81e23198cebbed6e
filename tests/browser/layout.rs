//! The page on a phone and on a desk, in both languages.

use crate::accessibility::ANSWERED;
use crate::harness::{Device, Page, Visit, chapters, wait_for};

pub const PHONE: (u32, u32, bool) = (390, 844, true);
pub const DESK: (u32, u32, bool) = (1280, 900, false);

/// Adds up how far things jump by themselves, and from where to where, as `window.shifts`.
const WATCH_SHIFTS: &str = "
    window.shifts = { sum: 0, of: [] };
    new PerformanceObserver((list) => {
        for (const { value, hadRecentInput, sources } of list.getEntries()) {
            if (hadRecentInput) continue;
            window.shifts.sum += value;
            for (const { node, previousRect, currentRect } of sources) {
                const name = node?.id || node?.className || node?.nodeName;
                window.shifts.of.push(`${value.toFixed(4)} ${name}: ${previousRect.y} to ${currentRect.y}`);
            }
        }
    }).observe({ type: 'layout-shift', buffered: true });";
/// Chapters, and the picture that each shows last.
const PICTURES: [(&str, &str); 5] = [
    ("", "reconstruction"),
    ("#/linear", "reconstruction"),
    ("#/denoising", "denoised"),
    ("#/variational", "field"),
    ("#/train?model=linear", "projections"),
];
/// A fifth of what the web's vitals call good.
const GOOD_SHIFT: f64 = 0.02;

#[test]
#[ignore = "needs the built site: make test runs it"]
fn nothing_is_wider_than_a_phone() {
    fits(PHONE);
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn nothing_is_wider_than_a_desk() {
    fits(DESK);
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn nothing_is_wider_than_the_smallest_phone() {
    fits((320, 640, true));
}

/// A desk at 200 % has half its width.
#[test]
#[ignore = "needs the built site: make test runs it"]
fn nothing_is_wider_than_a_desk_at_twice_the_size() {
    fits((640, 450, false));
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_finger_has_44_pixels_each_way() {
    let page = Visit::on(Device::Cpu).screen(320, 640, true).ready();
    assert_eq!(page.evaluate("matchMedia('(pointer: coarse)').matches"), "true");
    for link in chapters() {
        page.go(&link);
        page.run("document.querySelectorAll('details').forEach((details) => { details.open = true; });");
        // Whatever is in a label is pressed with it. Half a pixel is rounding.
        let small = page.run(
            "return [...document.querySelectorAll('button, select, summary, input, .contents a, .prose li a')]
                .map((target) => (target.closest('label') ?? target))
                .filter((target) => target.checkVisibility())
                .filter((target) => [...target.getClientRects()].some(({ width, height }) => Math.min(width, height) < 43.5))
                .map(({ outerHTML }) => outerHTML.slice(0, 120));",
        );
        assert_eq!(small, serde_json::json!([]), "{link}");
    }
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn nothing_jumps_while_a_phone_loads() {
    pictures_come_to_their_places(PHONE);
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn nothing_jumps_while_a_desk_loads() {
    pictures_come_to_their_places(DESK);
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn nothing_jumps_in_any_chapter() {
    let loaded = format!("document.querySelector('.loading-bar.gone') !== null && ({ANSWERED})");
    chapters().for_each(|link| stays_in_place(DESK, &link, |page| page.wait_until("all loaded", &loaded)));
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn the_page_speaks_two_languages() {
    let page = Visit::on(Device::Cpu).ready();
    let words = || ["document.title", "document.querySelector('h1').innerText"].map(|words| page.evaluate(words));
    let speaks = |language: &str| format!("document.documentElement.lang === '{language}'");
    let english = words();
    assert_eq!(page.evaluate("document.documentElement.lang"), "en");
    page.click("language");
    page.wait_until("Chinese", &speaks("zh-Hans"));
    wait_for("other words", || {
        let found = words();
        if found.iter().zip(&english).all(|(a, b)| a != b) { Ok(()) } else { Err(format!("{found:?}")) }
    });
    assert!(page.text("device").starts_with("CPU"), "{}", page.text("device"));
    let chinese = words();

    page.reload();
    assert_eq!((page.evaluate(&speaks("zh-Hans")).as_str(), words()), ("true", chinese), "the choice is kept");
    page.click("language");
    page.wait_until("English", &speaks("en"));
    wait_for("the English words", || if words() == english { Ok(()) } else { Err(format!("{:?}", words())) });
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn errors_are_told_in_the_language_of_the_page() {
    let page = Visit::on(Device::Cpu).before_load("delete window.Worker;").open();
    page.wait_for_error("no-workers", &[]);
    let before = page.text("error");
    page.click("language");
    wait_for("another sentence", || if page.text("error") == before { Err(before.clone()) } else { Ok(()) });
    page.wait_for_error("no-workers", &[]);
}

/// The site's own, for many systems have none that sets formulas.
#[test]
#[ignore = "needs the built site: make test runs it"]
fn formulas_have_their_font() {
    let page = Visit::on(Device::Cpu).link("#/variational").ready();
    page.wait_until("a formula", "document.querySelector('.formula math') !== null");
    let family = page.evaluate("getComputedStyle(document.querySelector('.formula math')).fontFamily");
    assert!(family.starts_with("\"Bottleneck Math\""), "{family}");
    let fonts = "[...document.fonts].filter((font) => font.family.includes('Bottleneck Math'))";
    page.wait_until("its font", &format!("{fonts}.length === 1 && {fonts}[0].status === 'loaded'"));
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn the_theme_is_kept() {
    let page = Visit::on(Device::Cpu).ready();
    page.choose("theme", "dark");
    page.wait_until("dark colours", "document.documentElement.dataset.theme === 'dark'");
    page.reload();
    assert_eq!(page.evaluate("document.documentElement.dataset.theme"), "dark");
    assert_eq!(page.value("theme"), "dark");
}

/// Nothing is wider than the screen: before an engine is there, with pictures, and with a sentence about a problem.
fn fits((width, height, mobile): (u32, u32, bool)) {
    let page = Visit::on(Device::Cpu).screen(width, height, mobile).open();
    let narrow = format!("document.scrollingElement.scrollWidth <= {width}");
    page.wait_until("a page that fits", &format!("{narrow} && !!document.querySelector('h1')"));
    page.wait_until_ready();
    for language in ["English", "Chinese"] {
        for link in chapters() {
            page.go(&link);
            page.run("document.querySelectorAll('details').forEach((details) => { details.open = true; });");
            let widest = page.evaluate("document.scrollingElement.scrollWidth");
            assert_eq!(page.evaluate(&narrow), "true", "{link} in {language}: {widest}");
        }
        page.click("language");
    }
}

fn pictures_come_to_their_places(screen: (u32, u32, bool)) {
    for (link, picture) in PICTURES {
        stays_in_place(screen, link, |page| {
            page.wait_for_picture(picture);
        });
    }
}

/// From the first paint until what `wait` waits for is there, nearly nothing moves by itself.
fn stays_in_place((width, height, mobile): (u32, u32, bool), link: &str, wait: impl FnOnce(&Page)) {
    let visit = Visit::on(Device::Cpu).link(link).screen(width, height, mobile).before_load(WATCH_SHIFTS);
    // What comes late must find its place whatever else the machine does.
    let page = visit.ready();
    wait(&page);
    // A frame for what came last.
    page.run_async("await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));");
    let shift: f64 = page.evaluate("window.shifts.sum").parse().expect("a number");
    println!("{link:?} at {width}: {shift:.4}");
    assert!(shift < GOOD_SHIFT, "{link:?} shifts by {shift}: {}", page.evaluate("window.shifts.of.join('\\n')"));
}
