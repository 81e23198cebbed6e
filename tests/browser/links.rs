//! Links: the address is the state, and brings it back; what takes it elsewhere.

use crate::harness::run::set;
use crate::harness::{CLIPBOARD, DENOISE, Device, LATENT, Page, Pointer, Visit, page_program, wait_for};

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_link_sets_a_figure_up() {
    let page = Visit::on(Device::Cpu).link("#/denoising?digit=4-17&noise=1&dropout=0.2&draw=3").ready();
    page.wait_for_picture("denoised");
    assert_eq!(["noise", "dropout"].map(|slider| page.value(slider)), ["1", "0.2"]);
    let seen = page.picture("seen").pixels;
    // The same digit again, whatever was drawn meanwhile.
    page.draw_three(Pointer::Mouse);
    wait_for("another drawing", || if page.picture("seen").pixels == seen { Err("the same".into()) } else { Ok(()) });
    page.wait_until("an address without the digit", "!location.hash.includes('digit')");
    page.go("#/denoising?digit=4-17");
    wait_for("the digit", || if page.picture("seen").pixels == seen { Ok(()) } else { Err("another".into()) });
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_link_sets_a_run_up() {
    let page = Visit::on(Device::Cpu).link("#/variational?preset=sigma_form&set=epochs:3,kl_weight:0.5,seed:7").ready();
    page.wait_until("the settings", "document.querySelector('[data-testid=knob-klweight]') !== null");
    let knobs = || ["knob-epochs", "knob-klweight", "knob-seed"].map(|knob| page.value(knob));
    assert_eq!(knobs(), ["3", "0.5", "7"]);
    assert_eq!(page.value("preset"), "2");
    set(&page, "knob-epochs", 4.0);
    page.wait_until("the change in the address", "decodeURIComponent(location.hash).includes('epochs:4')");
    page.go("#/about");
    page.run("history.back()");
    page.wait_until("the settings again", "document.querySelector('[data-testid=knob-klweight]') !== null");
    assert_eq!(knobs(), ["4", "0.5", "7"]);
    // Nonsense is the preset itself.
    page.go("#/variational?preset=cheese&set=epochs:-1,kl_weight:x,nothing:3");
    page.wait_until("the preset's own", "document.querySelector('[data-testid=knob-epochs]').value === '60'");
    assert_eq!(page.text("error"), "");
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn who_comes_back_finds_a_chapter_as_it_was_left() {
    let page = Visit::on(Device::Cpu).link(DENOISE).ready();
    page.slide("noise", 1.25);
    page.wait_until("the noise in the address", "location.hash.includes('noise=1.25')");
    page.go(LATENT);
    page.go(DENOISE);
    assert_eq!(page.value("noise"), "1.25");
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_copied_link_brings_back_what_was_seen() {
    let page = Visit::on(Device::Cpu).link(DENOISE).before_load(CLIPBOARD).ready();
    page.clear_drawing();
    page.draw_three(Pointer::Mouse);
    page.slide("noise", 0.75);
    page.wait_until("the noise in the address", "location.hash.includes('noise=0.75')");
    let seen = page.wait_for_picture("seen").pixels;
    page.click("language");
    page.click("copy-link");
    page.wait_until("a copy", "window.copied !== undefined");
    let copied = page.evaluate("window.copied");
    let hash = copied.split_once('#').expect("a hash").1;

    let other = Visit::on(Device::Cpu).link(&format!("#{hash}")).ready();
    wait_for("the drawing", || same_within_a_level(&other, &seen));
    assert_eq!(other.value("noise"), "0.75");
    assert_eq!(other.evaluate("document.documentElement.lang"), "zh-Hans");
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn the_address_holds_the_drawing() {
    let page = Visit::on(Device::Cpu).link(DENOISE).ready();
    let of_first = page.wait_for_picture("seen").pixels;
    assert_eq!(page.evaluate("location.hash.includes('drawing=')"), "false", "nobody has drawn");
    page.clear_drawing();
    page.draw_three(Pointer::Mouse);
    page.wait_until("the drawing in the address", "/drawing=[0-9a-f]{150,}/.test(location.hash)");
    let seen = page.picture("seen").pixels;
    assert_ne!(seen, of_first);
    // It goes along to the next chapter, and no old one is brought back by the chapter that was left.
    page.go("#/linear");
    page.wait_until("the drawing in the next address", "/linear.*drawing=[0-9a-f]{150,}/.test(location.hash)");
    page.clear_drawing();
    page.go(DENOISE);
    page.wait_until(
        "an address that says that nothing is drawn",
        "/denoising/.test(location.hash) && /drawing=(&|$)/.test(location.hash)",
    );
    page.run("history.go(-2)");
    page.wait_until("the first address", "/drawing=[0-9a-f]{150,}/.test(location.hash)");
    page.reload();
    wait_for("the drawing", || same_within_a_level(&page, &seen));
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn what_is_looked_at_is_in_the_address() {
    let link = "#/inside?view=unit&layer=1&unit=3&step=2&decay=0.05&blur=1&start=7";
    let page = Visit::on(Device::Cpu).link(link).ready();
    page.wait_until("the sliders", "document.querySelector('[data-testid=blur]') !== null");
    assert_eq!(["step-size", "decay", "blur"].map(|slider| page.value(slider)), ["2", "0.05", "1"]);
    assert!(page.text("maximise-seed").contains('7'));
    page.slide("blur", 0.5);
    page.click("maximise-seed");
    page.wait_until("the settings in the address", "/blur=0.5/.test(location.hash) && /start=8/.test(location.hash)");
    page.go("#/inside?view=weights&side=decoder&order=usage");
    page.wait_until("the side", "document.querySelector('[data-testid=weights-side]')?.value === 'decoder'");
    assert_eq!(page.value("weights-order"), "usage");
    page.go("#/inside?view=reconstructions&images=worst");
    page.wait_until("the worst", "document.querySelector('[data-testid=inside-selection]')?.value === 'worst'");
    page.go("#/inside?view=codes&map=tsne");
    page.wait_until("some steps", "Number(document.querySelector('[data-testid=codes-progress]')?.dataset.step) > 0");
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn without_a_clipboard_the_link_is_shown() {
    let page = Visit::on(Device::Cpu).before_load("delete Navigator.prototype.clipboard;").ready();
    page.click("copy-link");
    page.wait_until(
        "the link",
        "document.querySelector('[data-testid=copy-link-refused]')?.textContent.includes('#/?')",
    );
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn an_embedded_figure_stands_alone_and_tells_its_height() {
    let hear =
        "window.heights = []; addEventListener('message', ({ data }) => window.heights.push(data.bottleneck?.height));";
    let page = Visit::on(Device::Cpu).link("?embed=variational#/variational").before_load(hear).ready();
    page.wait_for_picture("generated");
    let seen = |selector: &str| page.evaluate(&format!("document.querySelector('{selector}').checkVisibility()"));
    assert_eq!([".figure", ".head", ".contents", ".prose"].map(seen), ["true", "false", "false", "false"]);
    assert_eq!(page.evaluate("document.querySelectorAll('.training').length"), "0");
    let training = page_program("split_training.wasm");
    assert!(!page.site.requested().contains(&training), "what trains is fetched, and not seen");
    page.wait_until("its height", "window.heights.some((height) => height > 300)");
    assert_eq!(page.evaluate("getComputedStyle(document.body).backgroundColor"), "rgba(0, 0, 0, 0)");
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_figure_that_the_build_makes_is_a_figure_too() {
    for (link, left_out) in [
        ("?embed=pretraining#/pretraining", [".prose", ".training"]),
        ("?hide=text,share#/pretraining", [".prose:not(.lead)", ".share"]),
    ] {
        let page = Visit::on(Device::Cpu).link(link).ready();
        let is_seen = "some((element) => element.checkVisibility())";
        let seen = |selector: &str| page.evaluate(&format!("[...document.querySelectorAll('{selector}')].{is_seen}"));
        assert_eq!(seen(".figure .pretraining .curve"), "true", "{link}");
        assert_eq!(left_out.map(seen), ["false"; 2], "{link}");
    }
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn the_address_has_the_language_that_was_chosen() {
    let page = Visit::on(Device::Cpu).link("#/denoising?lang=zh").ready();
    assert_eq!(page.evaluate("document.documentElement.lang"), "zh-Hans");
    page.click("language");
    page.wait_until("English in the address", "location.hash.includes('lang=en')");
    page.reload();
    assert_eq!(page.evaluate("document.documentElement.lang"), "en");
    // So is every chapter that a link without a language leads to.
    page.go("#/about");
    page.click("language");
    page.wait_until("Chinese in the address", "location.hash.includes('lang=zh')");
    page.go("#/denoising");
    assert_eq!(page.evaluate("document.documentElement.lang"), "zh-Hans");
    // A link with another is followed, in the same chapter and to the next, and kept after that.
    page.go("#/denoising?lang=en");
    page.wait_until("English", "document.documentElement.lang === 'en'");
    page.go("#/linear?lang=zh");
    page.wait_until("Chinese", "document.documentElement.lang === 'zh-Hans'");
    page.go("#/denoising");
    page.wait_until("the chapter of before", "location.hash.startsWith('#/denoising')");
    assert_eq!(page.evaluate("document.documentElement.lang"), "zh-Hans");
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn the_embed_code_is_a_frame_of_the_figure() {
    let page = Visit::on(Device::Cpu).link(LATENT).before_load(CLIPBOARD).ready();
    page.click("copy-embed");
    page.wait_until("a copy", "window.copied !== undefined");
    let frame = "new DOMParser().parseFromString(window.copied, 'text/html').querySelector('iframe')";
    assert!(page.evaluate(&format!("{frame}.src")).contains("?embed=variational#/variational?"));
    assert_ne!(page.evaluate(&format!("{frame}.title")), "");
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn parts_can_be_left_out() {
    let page = Visit::on(Device::Cpu).link(DENOISE).ready();
    // What is below the fold is made when it is seen.
    page.run("document.querySelector('.training')?.scrollIntoView();");
    page.wait_until("the settings", "document.querySelector('.settings-form') !== null");
    let seen = |selector: &str| page.evaluate(&format!("document.querySelector('{selector}').checkVisibility()"));
    let parts = [
        ("text", ".prose:not(.lead)"),
        ("contents", ".contents"),
        ("contents", ".neighbours"),
        ("training", ".training"),
        ("settings", ".settings-form"),
        ("header", ".head"),
        ("status", ".status"),
        ("share", ".share"),
    ];
    for (name, selector) in parts {
        page.run("delete document.documentElement.dataset.hide");
        assert_eq!(seen(selector), "true", "{selector}");
        page.run(&format!("document.documentElement.dataset.hide = '{name}'"));
        assert_eq!([selector, ".figure"].map(seen), ["false", "true"], "{name}");
        for language in ["en", "zh"] {
            let about = std::fs::read_to_string(format!("www/content/{language}/about.md")).expect("a chapter");
            assert!(about.contains(&format!("`{name}`")), "{name} is not in about.md in {language}");
        }
    }
    let page = Visit::on(Device::Cpu).link("?hide=training,contents#/denoising").ready();
    let seen = |selector: &str| page.evaluate(&format!("document.querySelector('{selector}').checkVisibility()"));
    assert_eq!([".figure", ".training", ".contents"].map(seen), ["true", "false", "false"]);
}

/// A link holds sixteen levels of grey.
fn same_within_a_level(page: &Page, seen: &[u8]) -> Result<(), String> {
    let found = page.picture("seen").pixels;
    let worst = found.iter().zip(seen).map(|(&a, &b)| a.abs_diff(b)).max().unwrap_or(u8::MAX);
    if worst <= 9 { Ok(()) } else { Err(format!("apart by {worst}")) }
}
