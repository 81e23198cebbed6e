//! What the page shows of a model beside what it is compared with.

use crate::harness::{Device, Page, Visit};
use crate::on_both_devices;

on_both_devices![pca_stands_beside_the_linear_model];

fn pca_stands_beside_the_linear_model(device: Device) {
    let page = Visit::on(device).link("#/train?model=linear").ready();
    assert!(page.wait_for_picture("projections").is_drawn());
    for cloud in ["codes", "pca-codes"] {
        let dots = format!("document.querySelectorAll('[data-testid={cloud}] path').length");
        page.wait_until("a colour for each digit", &format!("{dots} === 10"));
    }
    // What is drawn is a thousand dots and none of them is lost.
    let dots = "[...document.querySelectorAll('[data-testid=codes] path')]
        .map((path) => path.getAttribute('d').split('M').length - 1).reduce((a, b) => a + b)";
    assert_eq!(page.evaluate(dots), "1000");
    let errors = "[...document.querySelectorAll('.gallery .step-error')]
        .map((error) => Number(error.innerText.replace('MSE ', '')))";
    let apart = format!("(([own, pca]) => Math.abs(own - pca) < 0.02 * pca)({errors})");
    page.wait_until("errors that are PCA's", &apart);
    assert_eq!(page.complaints(), Vec::<String>::new());
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn points_of_a_plane_have_no_gallery() {
    let page = Visit::on(Device::Cpu).link("#/train?model=linear").ready();
    page.wait_for_picture("gallery");
    page.wait_until("the presets", "document.querySelector('[data-testid=preset]').options.length > 1");
    page.choose("preset", "1");
    page.click("train");
    let dots = "document.querySelectorAll('[data-testid=codes] path').length";
    page.wait_until("one cloud of points", &format!("{dots} === 1"));
    page.wait_until("no gallery", "document.querySelector('[data-testid=gallery]').offsetParent === null");
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_sparse_code_stands_beside_a_plain_one() {
    let page = Visit::on(Device::Cpu).link("#/train?model=sparse").ready();
    page.wait_until("both histograms", &has_curves("activations", 2));
    page.wait_until("three recorded runs", &has_curves("compared", 3));
    page.wait_until("no row of PCA's", "document.querySelector('[data-testid=projections]').offsetParent === null");
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn recorded_runs_tell_their_time_and_error() {
    for model in ["layerwise", "tied"] {
        let page = Visit::on(Device::Cpu).link(&format!("#/train?model={model}")).ready();
        let rows = "[...document.querySelectorAll('.view tbody tr')].map((row) => row.innerText)";
        page.wait_until(
            "a row each",
            &format!("{rows}.filter((row) => /\\d:\\d\\d\\s+0\\.00\\d+$/.test(row.trim())).length >= 2"),
        );
    }
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn what_is_not_in_sight_is_not_fetched() {
    let page = Visit::on(Device::Cpu).ready();
    page.wait_for_picture("reconstruction");
    let fetched = |page: &Page, file: &str| page.site.requested().iter().any(|asked| asked == file);
    let far = ["models/linear.safetensors", "models/pca.safetensors", "models/comparisons.json"];
    assert!(fetched(&page, "models/tied.safetensors"));
    assert!(!far.iter().any(|file| fetched(&page, file)), "{:?}", page.site.requested());
    page.go("#/train");
    page.wait_for_picture("gallery");
    page.wait_for_picture("projections");
    assert!(far.iter().all(|file| fetched(&page, file)), "{:?}", page.site.requested());
}

/// Whether a chart shows so many curves.
fn has_curves(chart: &str, count: usize) -> String {
    format!("document.querySelectorAll('[data-testid={chart}] path.curve[d^=M]').length === {count}")
}
