//! The chains of a generative stochastic network and of a stacked contractive autoencoder, from a drawing.

use crate::harness::{Device, Page, Visit, wait_for};
use crate::on_both_devices;

on_both_devices![the_chain_goes_on_from_the_drawing, the_walk_goes_on_from_the_drawing];

fn the_chain_goes_on_from_the_drawing(device: Device) {
    let page = Visit::on(device).link("#/gsn").ready();
    let start = begin(&page);
    page.click("chain-step");
    page.wait_until("a step", "document.querySelector('[data-testid=chain-steps]').dataset.steps === '1'");
    let [noisy, means, drawn] =
        ["chain-noisy", "chain-means", "chain-image"].map(|testid| page.wait_for_picture(testid).pixels);
    assert!(noisy != start && means != noisy && drawn != means);
    assert!(drawn.iter().all(|pixel| [0, 255].contains(pixel)), "what is drawn is black or white");

    // By the same seed the same steps.
    page.click("chain-reset");
    page.wait_until("the beginning", "document.querySelector('[data-testid=chain-steps]').dataset.steps === '0'");
    page.wait_for_blank(&["chain-noisy", "chain-past"]);
    assert!(page.picture("chain-image").pixels == start);
    page.click("chain-step");
    wait_for("the same step", || {
        if page.picture("chain-means").pixels == means { Ok(()) } else { Err("another".to_string()) }
    });

    page.click("chain-play");
    page.wait_until("more steps", "Number(document.querySelector('[data-testid=chain-steps]').dataset.steps) >= 4");
    page.click("chain-play");
    page.wait_until("a pause", "!document.querySelector('[data-testid=chain-step]').disabled");
    assert!(!page.picture("chain-past").is_blank());
    // Another drawing begins another chain.
    page.click("sample-1");
    page.wait_until("its beginning", "document.querySelector('[data-testid=chain-steps]').dataset.steps === '0'");
    assert_eq!(page.text("error"), "");
    assert_eq!(page.complaints(), Vec::<String>::new());
}

/// Puts a test digit in place of the drawing, from which a chain begins anew once it is there; its pixels.
fn begin(page: &Page) -> Vec<u8> {
    let before = page.picture("chain-image").pixels;
    page.click("sample-7");
    let start = wait_for("the test digit", || {
        let picture = page.picture("chain-image");
        if picture.is_drawn() && picture.pixels != before { Ok(picture.pixels) } else { Err("not yet".to_string()) }
    });
    assert_eq!(page.data("chain-steps", "steps"), "0");
    start
}

/// The stacked contractive autoencoder draws no pixels: its next image is the means.
fn the_walk_goes_on_from_the_drawing(device: Device) {
    let page = Visit::on(device).link("#/contractive").ready();
    let start = begin(&page);
    page.wait_for_picture("walk-start");
    page.click("chain-step");
    page.wait_until("a step", "document.querySelector('[data-testid=chain-steps]').dataset.steps === '1'");
    let [noisy, next] = ["chain-noisy", "chain-image"].map(|testid| page.wait_for_picture(testid).pixels);
    assert!(noisy != start && next != noisy && next != start);
    assert!(next.iter().any(|pixel| ![0, 255].contains(pixel)), "the next image has greys");
    page.click("chain-play");
    page.wait_until("more steps", "Number(document.querySelector('[data-testid=chain-steps]').dataset.steps) >= 4");
    page.click("chain-play");
    assert!(!page.picture("chain-past").is_blank());
    assert_eq!(page.text("error"), "");
    assert_eq!(page.complaints(), Vec::<String>::new());
}
