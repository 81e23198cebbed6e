//! Where the models run, and that the page says so.

use crate::harness::{DENOISE, Device, LATENT, Page, Visit};
use crate::on_both_devices;

on_both_devices![the_device_line_says_where_the_models_run, every_request_is_for_a_file_of_the_site];

fn the_device_line_says_where_the_models_run(device: Device) {
    let page = Visit::on(device).ready();
    assert_eq!(page.data("device", "device"), device.name());
    let label = match device {
        Device::WebGpu => "WebGPU",
        Device::Cpu => "CPU",
    };
    assert!(page.text("device").starts_with(label), "{}", page.text("device"));
    assert_ne!(page.data("device", "reason"), "", "why this one");
    assert_eq!(asks_for_gpu_engine(&page), device == Device::WebGpu);
    assert_eq!(page.text("error"), "");
}

fn every_request_is_for_a_file_of_the_site(device: Device) {
    let page = Visit::on(device).ready();
    page.wait_for_picture("reconstruction");
    page.go(DENOISE);
    page.click("sample");
    page.wait_for_picture("denoised");
    page.go(LATENT);
    page.wait_for_picture("generated");
    for asked in page.site.requested() {
        assert!(page.site.has(&asked), "{asked}");
    }
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_link_forces_the_cpu() {
    let page = Visit::on(Device::WebGpu).link("?device=cpu").ready();
    assert_eq!(page.data("device", "device"), "cpu");
    assert!(!asks_for_gpu_engine(&page));
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_link_asks_for_webgpu_in_vain_where_there_is_none() {
    let page = Visit::on(Device::Cpu).link("?device=webgpu").ready();
    assert_eq!(page.data("device", "device"), "cpu");
    assert!(!asks_for_gpu_engine(&page));
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn the_person_can_change_the_device() {
    let page = Visit::on(Device::WebGpu).link("?device=cpu#/variational").ready();
    page.wait_for_picture("generated");
    for device in [Device::WebGpu, Device::Cpu] {
        page.choose("device-choice", device.name());
        page.wait_for_device(device);
        page.click("random");
        page.wait_for_picture("generated");
        assert_eq!(page.text("error"), "");
    }
}

fn asks_for_gpu_engine(page: &Page) -> bool {
    page.site.requested().iter().any(|asked| asked.contains("engine_gpu"))
}
