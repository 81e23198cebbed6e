//! The views into a model, as a person goes through them.

use crate::harness::keys::{ENTER, RIGHT};
use crate::harness::run::{LINEAR, begin, wait_for_state};
use crate::harness::{Device, Visit, wait_for};
use crate::on_both_devices;

on_both_devices![weights_lead_to_a_unit, a_drawing_passes_through_the_layers];

fn weights_lead_to_a_unit(device: Device) {
    // A software adapter takes minutes for the larger one.
    let (model, tiles) = match device {
        Device::WebGpu => ("linear", 2),
        Device::Cpu => ("stacked", 72),
    };
    let page = Visit::on(device).link(&format!("#/inside?model={model}&view=weights")).ready();
    page.wait_until("tiles", &has_tiles(tiles));
    let first = page.text("weight-figures");
    page.press("weights", RIGHT);
    page.wait_until("another unit", &differs("weight-figures", &first));
    let unit: String = page.text("weight-figures").chars().filter(char::is_ascii_digit).take(3).collect();
    page.click("weight-excites");
    page.wait_until("the images", "document.querySelectorAll('[data-testid=top-images] canvas').length === 10");
    assert!(unit.starts_with(&page.value("unit-number")), "{unit}");
    let activations = "[...document.querySelectorAll('.top-image span')].map((span) => Number(span.innerText))";
    assert_eq!(page.evaluate(&format!("{activations}.every((a, at, all) => !at || a <= all[at - 1])")), "true");
    assert_eq!(page.text("error"), "");
}

fn a_drawing_passes_through_the_layers(device: Device) {
    let (model, layers) = match device {
        Device::WebGpu => ("linear", 3),
        Device::Cpu => ("vae", 7),
    };
    let page = Visit::on(device).link(&format!("#/inside?model={model}&view=layers")).ready();
    let count = format!("document.querySelector('[data-testid=layers]')?.dataset.count === '{layers}'");
    page.wait_until("a strip for each layer", &count);
    let before = page.wait_for_picture("dissected").pixels;
    page.slide("dissected-number", 3.0);
    wait_for("another image", || {
        if page.picture("dissected").pixels == before { Err("the same".to_string()) } else { Ok(()) }
    });
    page.click("dissected-reset");
    wait_for("the image as before", || {
        if page.picture("dissected").pixels == before { Ok(()) } else { Err("another".to_string()) }
    });
    // A bar is a number of the code, which can be set then: by keys, and by a click, here in the middle.
    let chosen = |how: &str, is_it: &dyn Fn(usize) -> bool| {
        wait_for(how, || match page.value("dissected-unit").parse() {
            Ok(place) if is_it(place) => Ok(()),
            place => Err(format!("{place:?}")),
        });
    };
    page.press("dissected-code", &[RIGHT, RIGHT, ENTER].concat());
    chosen("the number that keys lead to", &|place| place == 1);
    if device == Device::Cpu {
        page.click("dissected-code");
        chosen("the number of the bar", &|place| place > 5);
    }
    assert_eq!(page.text("error"), "");
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn the_worst_images_are_worse_than_the_mean() {
    let page = Visit::on(Device::Cpu).link("#/inside?model=deep").ready();
    page.wait_for_picture("inside-rebuilt");
    let mean: f64 = last_number(&page.text("inside-mean"));
    assert!((mean - 0.0038).abs() < 2e-4, "of the card: 2.98 per image, {mean}");
    let errors =
        "[...document.querySelectorAll('[data-testid=inside-errors] span')].map((span) => Number(span.innerText))";
    page.choose("inside-selection", "worst");
    page.wait_until("the worst", &format!("Math.min(...{errors}) > {}", 3.0 * mean));
    page.choose("inside-selection", "1");
    page.wait_until("ones, which are easy", &format!("Math.max(...{errors}) < {}", 2.0 * mean));
    assert_eq!(page.evaluate("document.querySelectorAll('[data-testid=class-bars] .class-bar').length"), "10");
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn an_image_is_made_that_excites_a_unit_more_than_any_other() {
    let page = Visit::on(Device::Cpu).link("#/inside?model=deep&view=unit&layer=1&unit=7").ready();
    page.wait_until(
        "the best test image",
        "Number(document.querySelector('[data-testid=best-activation]').innerText) > 0",
    );
    page.click("maximise");
    let [reached, best] = ["maximised-activation", "best-activation"]
        .map(|testid| format!("Number(document.querySelector('[data-testid={testid}]').innerText)"));
    page.wait_until("a larger activation", &format!("{reached} > {best}"));
    page.wait_for_picture("maximised");
    page.click("maximise-reset");
    page.wait_for_blank(&["maximised"]);
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn the_code_space_is_walked_through() {
    let page = Visit::on(Device::Cpu).link("#/inside?model=vae&view=codes").ready();
    page.wait_until("all points", "document.querySelector('[data-testid=code-space]').dataset.count === '10000'");
    page.press("code-space", "+");
    page.wait_until("larger", "Number(document.querySelector('[data-testid=code-space]').dataset.zoom) > 1.2");
    page.press("code-space", "0");
    page.click_at("code-space", (0.5, 0.5), false);
    page.wait_for_picture("place-decoded");
    page.wait_for_picture("pointed");
    page.click_at("code-space", (0.3, 0.6), false);
    let first = page.wait_for_picture("film").pixels;
    page.slide("film-frame", 23.0);
    wait_for("the film's end", || {
        if page.picture("film").pixels == first { Err("its beginning".to_string()) } else { Ok(()) }
    });
    page.click("film-save");
    wait_for("a film", || {
        let film = std::fs::read(page.downloads().join("film.gif")).map_err(|error| error.to_string())?;
        if film.starts_with(b"GIF89a") && film.ends_with(b";") { Ok(()) } else { Err("not whole".to_string()) }
    });
    page.click("codes-tsne");
    page.wait_until(
        "some steps",
        "/: step [1-9]/.test(document.querySelector('[data-testid=codes-progress]').innerText)",
    );
    // Its places are no codes; its points are those of images.
    page.wait_for_blank(&["place-decoded", "film"]);
    page.click_at("code-space", (0.5, 0.5), false);
    page.wait_for_picture("place-decoded");
    page.click_at("code-space", (0.45, 0.55), false);
    page.wait_for_picture("film");
    assert_eq!(page.text("error"), "");
    assert_eq!(page.complaints(), Vec::<String>::new());
}

/// In the laboratory, with weights of another shape than the shipped ones.
#[test]
#[ignore = "needs the built site: make test runs it"]
fn what_was_trained_is_looked_into() {
    let page = Visit::on(Device::Cpu).link(LINEAR).ready();
    begin(&page, &[("knob-code", 7.0), ("knob-examples", 1_500.0), ("knob-epochs", 1.0)]);
    wait_for_state(&page, "done");
    page.click("look-inside");
    page.wait_until("the views", "document.querySelector('[data-testid=view-weights]') !== null");
    page.click("view-weights");
    page.wait_until("tiles of the seven units", &has_tiles(7));
    page.click("view-unit");
    page.wait_until("its images", "document.querySelectorAll('[data-testid=top-images] canvas').length === 10");
    assert_eq!(page.evaluate("document.querySelector('[data-testid=unit-number]').max"), "6");
    page.wait_until("an address that leads here", "location.hash.includes('view=unit')");
    // The shipped weights have two.
    page.click("view-weights");
    page.click("reset-run");
    page.wait_until("tiles of the shipped weights", &has_tiles(2));
    assert_eq!(page.text("error"), "");
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_link_leads_to_a_view_in_the_laboratory() {
    let page = Visit::on(Device::Cpu).link("#/train?model=linear&view=weights").ready();
    page.wait_until("tiles", &has_tiles(2));
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn weights_learnt_from_points_have_no_images() {
    let page = Visit::on(Device::Cpu).link("#/train?model=linear&preset=plane&set=epochs:1&view=weights").ready();
    page.wait_until("tiles", &has_tiles(2));
    page.click("train");
    page.wait_until(
        "a sentence in their place",
        "document.querySelector('.inside-view > p:not(.hint)')?.innerText.length > 20",
    );
    assert_eq!(page.text("error"), "");
}

fn has_tiles(count: usize) -> String {
    format!("document.querySelector('[data-testid=weights]')?.dataset.count === '{count}'")
}

fn differs(testid: &str, text: &str) -> String {
    format!("document.querySelector('[data-testid={testid}]').innerText !== {text:?}")
}

fn last_number(text: &str) -> f64 {
    text.rsplit(' ').find_map(|word| word.parse().ok()).unwrap_or_else(|| panic!("no number in {text:?}"))
}
