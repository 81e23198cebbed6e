//! Drawing: what the models see of it and make of it.

use std::fs::File;
use std::io::Read;

use bottleneck::data::IMAGE_SIDE;
use bottleneck::data::idx::{parse_images, parse_labels};
use bottleneck::protocol::Noise;
use flate2::read::GzDecoder;

use crate::harness::{DENOISE, DENOISING, Device, Native, Page, Pointer, VAE, Visit, close, wait_for};
use crate::on_both_devices;

/// All that follows the drawing.
const PICTURES: [&str; 4] = ["seen", "noisy", "denoised", "reconstruction"];
/// How the page starts.
const NOISE: Noise = Noise { sigma: 0.5, dropout: 0.0, seed: 1 };
const NO_NOISE: Noise = Noise { sigma: 0.0, dropout: 0.0, seed: 0 };

on_both_devices![a_drawing_is_seen_and_rebuilt, pictures_are_the_native_engines];

fn a_drawing_is_seen_and_rebuilt(device: Device) {
    let page = Visit::on(device).link(DENOISE).ready();
    // There is something to see before anyone draws.
    all_are_drawn(&page);
    page.click("draw-clear");
    page.wait_for_blank(&PICTURES);
    page.draw_three(Pointer::Mouse);
    all_are_drawn(&page);

    let seen = page.picture("seen");
    assert_eq!((seen.width, seen.pixels.len()), (IMAGE_SIDE, IMAGE_SIDE * IMAGE_SIDE));
    let (x, y) = seen.centre();
    assert!((x - 14.0).abs() <= 1.5 && (y - 14.0).abs() <= 1.5, "the centre of mass is at {x}, {y}");

    page.click("draw-clear");
    page.wait_for_blank(&PICTURES);
    page.click("draw-undo");
    all_are_drawn(&page);
    assert_eq!(page.picture("seen").pixels, seen.pixels);
}

fn pictures_are_the_native_engines(device: Device) {
    let native = Native::new();
    let page = Visit::on(device).link(DENOISE).ready();
    page.clear_drawing();
    page.draw_three(Pointer::Mouse);
    compare(&page, &native, NOISE);

    page.slide("noise", 1.0);
    page.slide("dropout", 0.3);
    page.click("noise-again");
    compare(&page, &native, Noise { sigma: 1.0, dropout: 0.3, seed: 2 });
}

/// The two colours' reds are 214 and 32 of 255.
#[test]
#[ignore = "needs the built site: make test runs it"]
fn what_a_reconstruction_adds_and_loses_has_its_colours() {
    let page = Visit::on(Device::Cpu).link("#/linear").ready();
    page.wait_for_picture("reconstruction");
    let [seen, reconstruction, red] = ["seen", "reconstruction", "difference"].map(|name| page.picture(name).pixels);
    let changes = seen.iter().zip(&reconstruction).map(|(&seen, &rebuilt)| i32::from(rebuilt) - i32::from(seen));
    let (mut added, mut lost) = (0, 0);
    for (change, red) in changes.zip(red) {
        match change {
            30.. => added += 1,
            ..=-30 => lost += 1,
            _ => continue,
        }
        assert_eq!(red > 123, change > 0, "{change} has {red} in its red");
    }
    assert!(added > 20 && lost > 20, "two numbers leave much to be seen: {added} pixels added, {lost} lost");
}

fn all_are_drawn(page: &Page) {
    for name in PICTURES {
        page.wait_for_picture(name);
    }
}

/// Waits until every picture of the page is what the native engine makes of the image that the page's models see.
fn compare(page: &Page, native: &Native, noise: Noise) {
    wait_for("pictures as the native engine's", || {
        let seen = page.picture("seen").pixels;
        let denoised = native.reconstruct(DENOISING, &seen, noise);
        let reconstructed = native.reconstruct(VAE, &seen, NO_NOISE);
        close("noisy", &page.picture("noisy").pixels, &denoised.input)?;
        close("denoised", &page.picture("denoised").pixels, &denoised.output)?;
        close("reconstruction", &page.picture("reconstruction").pixels, &reconstructed.output)
    });
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn finger_and_pen_draw_too() {
    let page = Visit::on(Device::Cpu).link(DENOISE).ready();
    page.clear_drawing();
    for pointer in [Pointer::Touch, Pointer::Pen] {
        page.draw_three(pointer);
        page.wait_for_picture("seen");
        page.click("draw-clear");
        page.wait_for_blank(&["seen"]);
    }
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn keys_draw_too() {
    let page = Visit::on(Device::Cpu).link(DENOISE).ready();
    page.clear_drawing();
    page.press("draw", "\u{e00d}\u{e015}\u{e015}\u{e015}\u{e014}\u{e014}\u{e014}\u{e00d}");
    page.wait_for_picture("seen");
    page.press("draw", "\u{e017}");
    page.wait_for_blank(&PICTURES);
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn undo_takes_back_one_stroke() {
    let page = Visit::on(Device::Cpu).link(DENOISE).ready();
    page.clear_drawing();
    page.draw(Pointer::Mouse, &[&[(0.5, 0.2), (0.5, 0.8)]]);
    let one = page.wait_for_picture("seen").pixels;
    page.draw(Pointer::Mouse, &[&[(0.2, 0.5), (0.8, 0.5)]]);
    let has = |image: &[u8]| if page.picture("seen").pixels == image { Ok(()) } else { Err("another image".into()) };
    wait_for("a second stroke", || if has(&one).is_err() { Ok(()) } else { Err("the same image".into()) });
    page.click("draw-undo");
    wait_for("the first stroke alone", || has(&one));
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn what_was_undone_is_done_again() {
    const CONTROL: &str = "\u{e009}";
    const SHIFT: &str = "\u{e008}";
    let page = Visit::on(Device::Cpu).link(DENOISE).ready();
    page.clear_drawing();
    page.draw(Pointer::Mouse, &[&[(0.5, 0.2), (0.5, 0.8)]]);
    let drawn = page.wait_for_picture("seen").pixels;
    let is_back = || {
        wait_for("the stroke again", || {
            if page.picture("seen").pixels == drawn { Ok(()) } else { Err("another image".into()) }
        });
    };
    let disabled = "document.querySelector('[data-testid=draw-redo]').disabled";
    assert_eq!(page.evaluate(disabled), "true", "nothing was undone");
    page.click("draw-undo");
    page.wait_for_blank(&["seen"]);
    page.click("draw-redo");
    is_back();
    // The keys are held down until the text ends.
    for redo in ["y".to_owned(), format!("{SHIFT}z")] {
        page.press("draw", &format!("{CONTROL}z"));
        page.wait_for_blank(&["seen"]);
        page.press("draw", &format!("{CONTROL}{redo}"));
        is_back();
    }
    page.click("draw-undo");
    page.draw(Pointer::Mouse, &[&[(0.2, 0.5), (0.8, 0.5)]]);
    page.wait_until("nothing to do again", disabled);
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_test_digit_is_put_in_as_it_is() {
    let page = Visit::on(Device::Cpu).link(DENOISE).ready();
    let images = parse_images(&unpack("t10k-images-idx3-ubyte")).unwrap();
    let labels = parse_labels(&unpack("t10k-labels-idx1-ubyte")).unwrap();
    for digit in [0, 7] {
        page.click(&format!("sample-{digit}"));
        wait_for(&format!("a test image of {digit}"), || {
            let seen = page.picture("seen").pixels;
            let number = (0..images.count()).find(|&number| images.pixels(number) == seen).ok_or("no test image")?;
            if labels[number] == digit { Ok(()) } else { Err(format!("a {}", labels[number])) }
        });
    }
}

fn unpack(name: &str) -> Vec<u8> {
    let file = File::open(format!("www/data/mnist/{name}.gz")).unwrap();
    let mut bytes = Vec::new();
    GzDecoder::new(file).read_to_end(&mut bytes).unwrap();
    bytes
}
