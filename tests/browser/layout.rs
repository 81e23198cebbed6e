//! The page on a phone and on a desk, in both languages.

use crate::harness::{Device, Visit};

const PHONE: (u32, u32, bool) = (390, 844, true);
const DESK: (u32, u32, bool) = (1280, 900, false);

#[test]
fn nothing_is_wider_than_a_phone() {
    fits(PHONE);
}

#[test]
fn nothing_is_wider_than_a_desk() {
    fits(DESK);
}

#[test]
fn the_page_speaks_two_languages() {
    let page = Visit::on(Device::Cpu).ready();
    let english = page.evaluate("document.querySelector('h1').innerText");
    assert!(english.is_ascii(), "{english}");
    page.click("language");
    page.wait_until("a Chinese title", "document.title.includes('自编码器')");
    page.wait_until("a Chinese heading", "document.querySelector('h1').innerText.includes('瓶颈')");
    assert_eq!(page.evaluate("document.documentElement.lang"), "zh-Hans");
    assert!(page.text("device").starts_with("CPU"), "{}", page.text("device"));

    page.reload();
    assert!(page.evaluate("document.title").contains("自编码器"), "the choice is kept");
    page.click("language");
    page.wait_until("the English heading", &format!("document.querySelector('h1').innerText === '{english}'"));
}

#[test]
fn sentences_come_in_both_languages() {
    let page = Visit::on(Device::Cpu).before_load("delete window.Worker;").open();
    page.wait_for_error(&["This browser"]);
    page.click("language");
    page.wait_for_error(&["此浏览器"]);
}

#[test]
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
    page.click("sample");
    page.wait_for_picture("denoised");
    page.wait_for_picture("generated");
    for language in ["English", "Chinese"] {
        assert_eq!(
            page.evaluate(&narrow),
            "true",
            "{language}: {}",
            page.evaluate("document.scrollingElement.scrollWidth")
        );
        page.click("language");
    }
}
