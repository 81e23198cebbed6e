//! A whole visit leaves nothing on the console, neither the page nor its workers.

use crate::harness::{DENOISE, Device, LATENT, Pointer, Visit, chapters};
use crate::on_both_devices;

/// The console of a worker is not the page's: what it says there is handed on.
const TELL_PAGE: &str = "
    const channel = new BroadcastChannel('console');
    const tell = (...words) => channel.postMessage(words.map(String).join(' '));
    for (const level of ['warn', 'error']) console[level] = tell;
    self.addEventListener('error', (event) => tell(event.message));
    self.addEventListener('unhandledrejection', (event) => tell(event.reason));";
const HEAR_WORKERS: &str = "
    window.heard = [];
    new BroadcastChannel('console').onmessage = (event) => window.heard.push(event.data);";

on_both_devices![a_visit_leaves_no_complaint];

fn a_visit_leaves_no_complaint(device: Device) {
    let page = Visit::on(device).before_load(HEAR_WORKERS).before_engine(TELL_PAGE).ready();
    page.wait_for_picture("reconstruction");
    page.click("choice-vae");
    page.go(DENOISE);
    page.draw_three(Pointer::Mouse);
    page.wait_for_picture("denoised");
    page.wait_for_picture("reconstruction");
    page.slide("noise", 1.2);
    page.slide("dropout", 0.5);
    page.click("noise-again");
    page.click("draw-undo");
    page.click("sample");
    page.wait_for_picture("denoised");
    page.go(LATENT);
    page.wait_for_picture("field");
    page.click("encode");
    page.slide("latent-2", -1.0);
    page.click_at("field", (0.3, 0.3), false);
    page.click("random");
    page.click("reset");
    page.choose("theme", "dark");
    page.click("language");
    for chapter in chapters() {
        page.go(&chapter);
    }
    page.go(LATENT);
    page.choose("device-choice", "cpu");
    page.wait_for_device(Device::Cpu);
    page.wait_for_picture("generated");

    assert_eq!(page.complaints(), [""; 0]);
    assert_eq!(page.evaluate("window.heard"), "[]");
}
