//! The convolutional winner-take-all autoencoder: its dictionary, its maps of the drawing and the winners in them, and what the
//! views of the inside make of its wide code.

use crate::harness::keys::ENTER;
use crate::harness::{Device, Visit, wait_for};
use crate::on_both_devices;

on_both_devices![strokes_follow_the_drawing];

/// Maps of the code.
const MAPS: usize = 128;

fn strokes_follow_the_drawing(device: Device) {
    let page = Visit::on(device).link("#/wta").ready();
    page.click("sample-7");
    for canvas in ["filters", "maps-1", "maps-2"] {
        let count_of = format!("document.querySelector('[data-testid=strokes] [data-testid={canvas}]')?.dataset.count");
        page.wait_until(canvas, &format!("{count_of} === '{MAPS}'"));
    }
    let rebuilt = page.wait_for_picture("strokes-reconstruction").pixels;
    let before = ["maps-1", "maps-2"].map(|testid| page.picture(testid).pixels);
    assert!(before[0] != before[1], "the winners are fewer than the numbers of the maps");
    page.click("sample-1");
    wait_for("the strokes of another digit", || {
        let maps = ["maps-1", "maps-2"].map(|testid| page.picture(testid).pixels);
        let is_new =
            maps[0] != before[0] && maps[1] != before[1] && page.picture("strokes-reconstruction").pixels != rebuilt;
        if is_new { Ok(()) } else { Err("the same".to_string()) }
    });
    assert_eq!(page.text("error"), "");
    assert_eq!(page.complaints(), Vec::<String>::new());
}

/// The codes of all test images would take gigabytes; the largest numbers of their maps, and one unit's activations, do not. They take a processor
/// most of a minute, and nothing that a person does meanwhile waits for them. A software adapter takes minutes.
#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_wide_code_has_units_and_points() {
    let page = Visit::on(Device::Cpu).link("#/inside?model=wta_convolutional&view=codes").ready();
    let computing = "!document.querySelector('[data-testid=computing]').classList.contains('idle')";
    page.wait_until("test images on their way", computing);
    // A person who goes on to something else has it before them.
    page.go("#/inside?model=wta_convolutional&view=layers");
    page.click("sample-7");
    let layers = "document.querySelector('[data-testid=layers]')";
    page.wait_until("the layers", &format!("{layers}?.dataset.count === '4'"));
    page.wait_until("no bars", "document.querySelector('[data-testid=dissected-code]') === null");
    page.wait_for_picture("dissected");
    assert_eq!(page.evaluate(computing), "true", "all test images came first");
    page.go("#/inside?model=wta_convolutional&view=codes");
    page.wait_until("all points", "document.querySelector('[data-testid=code-space]').dataset.count === '10000'");
    page.press("code-space", ENTER);
    page.wait_for_picture("pointed");
    page.wait_for_picture("place-decoded");
    page.go("#/inside?model=wta_convolutional&view=unit&layer=1&unit=406");
    page.wait_until("the images that activate it", "document.querySelectorAll('.top-image').length === 10");
    assert_eq!(page.text("error"), "");
    assert_eq!(page.complaints(), Vec::<String>::new());
}
