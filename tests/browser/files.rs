//! Files that are missing or broken: the page names each, and what does not need it goes on working.

use bottleneck::weights::{Precision, read_tensors, write};
use burn::tensor::TensorData;

use crate::harness::{DENOISE, Device, LATENT, Page, Pointer, Served, Visit};

const VAE: &str = "models/vae.safetensors";
const DENOISING: &str = "models/denoising.safetensors";
const TEST_IMAGES: &str = "data/mnist/test-digits-images-idx3-ubyte.gz";

#[test]
#[ignore = "needs the built site: make test runs it"]
fn truncated_weights_leave_the_other_model() {
    let page = Visit::on(Device::Cpu).link(DENOISE).replace(VAE, Served::Bytes(half(shipped(VAE)))).ready();
    page.wait_for_error("weights", &[]);
    only_denoising_works(&page);
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn truncated_weights_leave_the_other_model_on_webgpu() {
    let page = Visit::on(Device::WebGpu).link(DENOISE).replace(VAE, Served::Bytes(half(shipped(VAE)))).ready();
    page.wait_for_error("weights", &[]);
    only_denoising_works(&page);
    assert_eq!(page.data("device", "device"), "webgpu");
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn weights_of_another_shape_are_refused_by_name() {
    let (tensor, file) = reshaped(&shipped(VAE));
    let page = Visit::on(Device::Cpu).link(DENOISE).replace(VAE, Served::Bytes(file)).ready();
    page.wait_for_error("weights", &[&tensor, "1 ×"]);
    only_denoising_works(&page);
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn weights_of_the_other_model_are_refused() {
    let page = Visit::on(Device::Cpu).link(DENOISE).replace(DENOISING, Served::Bytes(shipped(VAE))).ready();
    page.wait_for_error("weights", &[]);
    only_the_vae_works(&page);
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn weights_that_are_not_there_leave_the_other_model() {
    let page = Visit::on(Device::Cpu).link(DENOISE).replace(DENOISING, Served::Missing).ready();
    page.wait_for_error("fetch", &[DENOISING, "404"]);
    only_the_vae_works(&page);
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn garbage_for_weights_is_a_sentence() {
    let page = Visit::on(Device::Cpu).link(DENOISE).replace(VAE, Served::Bytes(garbage())).ready();
    page.wait_for_error("weights", &[]);
    only_denoising_works(&page);
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn garbage_for_test_images_leaves_the_drawing() {
    no_test_digits(Served::Bytes(garbage()), "data");
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn cut_off_test_images_leave_the_drawing() {
    no_test_digits(Served::Bytes(half(shipped(TEST_IMAGES))), "unpack");
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn missing_test_images_leave_the_drawing() {
    no_test_digits(Served::Missing, "fetch");
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_good_file_is_taken_on_another_try() {
    let page = Visit::on(Device::Cpu).link(DENOISE).replace(VAE, Served::Missing).ready();
    page.wait_for_error("fetch", &[VAE, "404"]);
    page.site.restore(VAE);
    page.click_on("[data-testid=error] button:not([data-testid=dismiss])");
    page.wait_for_picture("reconstruction");
    assert_eq!(page.text("error"), "");
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn an_error_can_be_dismissed() {
    let page = Visit::on(Device::Cpu).link(DENOISE).replace(VAE, Served::Missing).ready();
    page.wait_for_error("fetch", &[VAE]);
    page.click("dismiss");
    page.wait_until("no sentence", "document.querySelector('[data-testid=error]') === null");
}

fn no_test_digits(images: Served, kind: &str) {
    let page = Visit::on(Device::Cpu).link(DENOISE).replace(TEST_IMAGES, images).ready();
    page.click("sample");
    page.wait_for_error(kind, &["test-digits-images"]);
    page.draw_three(Pointer::Mouse);
    page.wait_for_picture("denoised");
    page.wait_for_picture("reconstruction");
}

fn only_denoising_works(page: &Page) {
    page.draw_three(Pointer::Mouse);
    page.wait_for_picture("denoised");
    page.wait_for_blank(&["reconstruction"]);
    page.click("draw-clear");
    page.click("sample");
    page.wait_for_picture("denoised");
    page.go(LATENT);
    page.wait_for_blank(&["generated"]);
}

fn only_the_vae_works(page: &Page) {
    page.draw_three(Pointer::Mouse);
    page.wait_for_picture("reconstruction");
    page.wait_for_blank(&["noisy", "denoised"]);
    page.go(LATENT);
    page.wait_for_picture("generated");
}

/// A file as it is shipped.
fn shipped(file: &str) -> Vec<u8> {
    std::fs::read(format!("www/{file}")).unwrap()
}

fn half(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.truncate(bytes.len() / 2);
    bytes
}

fn garbage() -> Vec<u8> {
    (0..10_000u32).map(|i| (i * 37 % 251) as u8).collect()
}

/// A good weights file with its first tensor given another shape; the tensor's name and the file.
fn reshaped(file: &[u8]) -> (String, Vec<u8>) {
    let mut tensors = read_tensors(file).unwrap();
    let (name, tensor) = tensors.pop_first().unwrap();
    let values = tensor.num_elements();
    tensors.insert(name.clone(), TensorData::new(vec![0.0_f32; values], [1, values]));
    (name, write(&tensors, Precision::Half, None))
}
