//! The filters and maps of a convolutional autoencoder, and the two denoisers beside each other.

use crate::harness::{Device, Visit, wait_for};
use crate::on_both_devices;

on_both_devices![maps_follow_the_drawing];

fn maps_follow_the_drawing(device: Device) {
    let page = Visit::on(device).link("#/convolutional?noise=0.5").ready();
    let are_there = |layer: &str, count: usize| {
        let count_of = format!("document.querySelector('[data-testid={layer}]')?.dataset.count");
        page.wait_until(layer, &format!("{count_of} === '{count}'"));
    };
    are_there("filters", 16);
    page.click("sample-7");
    for (layer, count) in [("maps-1", 16), ("maps-2", 32), ("maps-4", 32), ("maps-5", 16)] {
        are_there(layer, count);
    }
    let [noisy, connected, convolutional] =
        ["noisy", "denoised", "denoised-convolutional"].map(|testid| page.wait_for_picture(testid).pixels);
    assert!(connected != noisy && convolutional != noisy && connected != convolutional);

    let before = page.picture("maps-1").pixels;
    page.click("sample-1");
    wait_for("the maps of another digit", || {
        if page.picture("maps-1").pixels != before { Ok(()) } else { Err("the same".to_string()) }
    });
    assert_eq!(page.text("error"), "");
    assert_eq!(page.complaints(), Vec::<String>::new());
}
