//! All models side by side.

use std::path::Path;

use bottleneck::training::Catalogue;
use serde_json::Value;

use crate::harness::{Device, Visit};

/// The names of the models, from the first row to the last.
const ORDER: &str =
    "[...document.querySelectorAll('[data-testid=model-row]')].map((row) => row.dataset.model).join(' ')";

/// How many models the laboratory lists, each of which has a row.
fn listed() -> usize {
    Catalogue::all().entries().filter(|entry| entry.describe().is_in_laboratory).count()
}

/// That every model has its row.
fn are_listed() -> String {
    format!("{ORDER}.split(' ').length === {}", listed())
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn the_rows_are_sorted_by_a_click_and_by_a_link() {
    let page = Visit::on(Device::Cpu).link("#/compare").ready();
    page.wait_until("every model of the laboratory", &are_listed());
    let as_taught = page.evaluate(ORDER);
    assert!(as_taught.starts_with("linear stacked tied "), "{as_taught}");

    let errors = "[...document.querySelectorAll('[data-column=error]')].map((cell) => Number(cell.innerText))";
    let ascending = format!("{errors}.every((error, at, all) => error > 0 && (at === 0 || all[at - 1] <= error))");
    let descending = format!("{errors}.every((error, at, all) => at === 0 || all[at - 1] >= error)");
    page.click("sort-error");
    page.wait_until("the smallest error first", &ascending);
    let head = "document.querySelector('[data-testid=sort-error]').closest('th').getAttribute('aria-sort')";
    assert_eq!(page.evaluate(head), "ascending");
    assert!(page.evaluate("location.hash").ends_with("sort=error"));
    page.click("sort-error");
    page.wait_until("the largest error first", &descending);
    page.click("sort-error");
    page.wait_until("the order of the chapters", &format!("{ORDER} === '{as_taught}'"));
    assert_eq!(page.evaluate("location.hash"), "#/compare");

    page.go("#/compare?sort=-log_likelihood");
    let first = "document.querySelector('[data-testid=model-row] [data-column=log_likelihood]').innerText";
    page.wait_until("a model with a likelihood first", &format!("Number({first}) > 100"));
}

/// Weights, error, the linear classifier's error and the log-likelihood of each model, as its card has them.
#[test]
#[ignore = "needs the built site: make test runs it"]
fn the_figures_are_those_of_the_cards() {
    const COLUMNS: [&str; 4] = ["parameters", "error", "classifier_error", "log_likelihood"];
    let page = Visit::on(Device::Cpu).link("#/compare").ready();
    page.wait_until("every model of the laboratory", &are_listed());
    for model in page.evaluate(ORDER).split(' ') {
        let card = std::fs::read_to_string(Path::new("www/models").join(format!("{model}.json"))).expect("a card");
        let card: Value = serde_json::from_str(&card).expect("a card is JSON");
        let metric = |name: &str| card["metrics"][name].as_f64();
        let error = metric("squared_error").or_else(|| metric("squared_error_clean"));
        let expected = [
            card["parameters"].as_f64().map(|count| count.to_string()),
            error.map(|error| format!("{error:.5}")),
            metric("linear_classifier_error").map(|error| format!("{:.1}%", 100.0 * error)),
            metric("parzen_log_likelihood").map(|nats| format!("{nats:.0}")),
        ];
        for (column, expected) in COLUMNS.into_iter().zip(expected) {
            let cell = format!("document.querySelector('[data-model={model}] [data-column={column}]').innerText");
            // Digits are grouped, and a space stands before the percent sign.
            let shown: String =
                page.evaluate(&cell).chars().filter(|sign| !sign.is_whitespace() && *sign != ',').collect();
            assert_eq!(shown, expected.unwrap_or("–".into()), "{model}, {column}");
        }
    }
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn the_same_digits_by_every_model() {
    let page = Visit::on(Device::Cpu).link("#/compare").ready();
    page.wait_until("every model of the laboratory", &are_listed());
    // Pictures further down are fetched when they are near.
    page.evaluate("document.querySelectorAll('.model-table img').forEach((image) => image.loading = 'eager')");
    let images = "[...document.querySelectorAll('.model-table img')]";
    page.wait_until(
        "a picture of the test digits and of each model's reconstructions",
        &format!(
            "{images}.length > {} && {images}.every((image) => image.complete && image.naturalWidth === 280)",
            listed()
        ),
    );
    let unnamed = format!("{images}.slice(1).filter((image) => !image.alt).length");
    assert_eq!(page.evaluate(&unnamed), "0");
    // A model's name leads to its chapter.
    page.click_on("[data-model=sparse] a");
    page.wait_until("its chapter", "document.querySelector('[data-chapter=sparse]') !== null");
}
