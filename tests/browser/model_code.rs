//! The model at hand as a program: with the settings of the form, in both languages, copied.

use std::fs;

use bottleneck::ui::state::model_code::{PYTHON, RUST, path};
use bottleneck::weights::read_tensors;

use crate::harness::run::set;
use crate::harness::{CLIPBOARD, Device, Page, Served, Visit, wait_for};

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_program_has_the_settings_and_is_copied() {
    let page = Visit::on(Device::Cpu).link("#/variational?set=kl_weight:0.5,code:7").before_load(CLIPBOARD).ready();
    page.wait_until("the panel", "document.querySelector('[data-testid=code-py]') !== null");
    assert!(!page.site.requested().iter().any(|file| file.contains("code/vae")), "it is fetched when it is unfolded");
    page.click("code-py");
    wait_for_lines(&page, PYTHON, &["CODE = 7", "KL_WEIGHT = 0.5", "class Variational(nn.Module):"]);
    is_copied(&page, PYTHON);
    page.click("code-rs");
    wait_for_lines(&page, RUST, &["#[config(default = 7)]", "#[config(default = 0.5)]", "pub struct Variational {"]);
    is_copied(&page, RUST);
    // It follows the form.
    set(&page, "knob-klweight", 2.0);
    wait_for_lines(&page, RUST, &["#[config(default = 2.0)]"]);
    page.choose("preset", "2");
    wait_for_lines(&page, RUST, &["#[config(default = \"PosteriorScale::Sigma\")]", "#[config(default = 20)]"]);
    assert_eq!(page.text("error"), "");
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_chapter_gives_the_weights_that_its_program_loads() {
    let page = Visit::on(Device::Cpu).link("#/tied").ready();
    page.wait_until("the panel", "document.querySelector('[data-testid=code-py]') !== null");
    page.click("code-py");
    wait_for_lines(&page, PYTHON, &["model.load_state_dict(transposed(load_file(\"tied.safetensors\")))"]);
    page.click("code-weights");
    let file = wait_for("the weights", || {
        fs::read(page.downloads().join("tied.safetensors")).map_err(|error| error.to_string())
    });
    assert!(read_tensors(&file).expect("a safetensors file").contains_key("biases.1"));
    let images = page.evaluate("document.querySelector('.model-code a').getAttribute('href')");
    assert!(fs::exists(format!("dist/{images}")).unwrap(), "{images}");
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn the_laboratory_has_every_models_program() {
    let page = Visit::on(Device::Cpu).link("#/train").ready();
    page.wait_until("the panel", "document.querySelector('[data-testid=code-py]') !== null");
    let models =
        "[...document.querySelectorAll('.train-models [role=tab], .tabs [role=tab]')].map((tab) => tab.dataset.testid)";
    let tabs: Vec<String> = serde_json::from_str(&page.evaluate(models)).expect("the tabs");
    assert!(tabs.len() >= 8, "{tabs:?}");
    let mut is_unfolded = false;
    for tab in tabs {
        page.click(&tab);
        let model = tab.trim_start_matches("model-");
        if !is_unfolded {
            page.click("code-py");
            page.click("code-rs");
            is_unfolded = true;
        }
        for (language, line) in
            [(PYTHON, format!("    python {model}.py")), (RUST, "pub fn main() -> Result<(), Box<dyn Error>> {".into())]
        {
            wait_for_lines(&page, language, &[&line, &format!("{model}_trained.safetensors")]);
        }
    }
}

/// From scratch there is no first phase: the settings that it would have are 0.
#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_classifiers_program_has_the_phases_of_its_preset() {
    let page = Visit::on(Device::Cpu).link("#/pretraining?preset=denoising_frozen&set=labels:300").ready();
    page.wait_until("the panel", "document.querySelector('[data-testid=code-py]') !== null");
    page.click("code-py");
    wait_for_lines(&page, PYTHON, &["LABELS = 300", "PRETRAINING_EPOCHS = 10", "IS_ENCODER_FROZEN = True"]);
    page.click("code-rs");
    page.choose("preset", "4");
    wait_for_lines(&page, RUST, &["const PRETRAINING_EPOCHS: usize = 0;", "const DROPOUT: f64 = 0.0;"]);
    let files =
        page.evaluate("[...document.querySelectorAll('.model-code a')].map((a) => a.getAttribute('href')).join()");
    assert!(files.split(',').count() == 2 && files.contains("labels"), "{files}");
    for file in files.split(',') {
        assert!(fs::exists(format!("dist/{file}")).unwrap(), "{file}");
    }
    assert_eq!(page.text("error"), "");
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_program_that_is_not_there_is_a_sentence() {
    let file = path("vae", PYTHON);
    let page = Visit::on(Device::Cpu).link("#/variational").replace(&file, Served::Missing).ready();
    page.wait_until("the panel", "document.querySelector('[data-testid=code-py]') !== null");
    page.click("code-py");
    page.wait_for_error("fetch", &[&file, "404"]);
    page.click("code-rs");
    wait_for_lines(&page, RUST, &["pub struct Variational {"]);
}

/// Waits for a program with these lines, or parts of them.
#[track_caller]
fn wait_for_lines(page: &Page, language: &str, lines: &[&str]) {
    wait_for(&format!("a program with {lines:?}"), || {
        let code = code(page, language);
        if lines.iter().all(|line| code.contains(line)) { Ok(()) } else { Err(code) }
    });
}

fn code(page: &Page, language: &str) -> String {
    page.evaluate(&format!("document.querySelector('[data-testid=program-{language}]').textContent"))
}

/// The button copies what is shown, as it is.
#[track_caller]
fn is_copied(page: &Page, language: &str) {
    page.run("window.copied = undefined");
    page.click(&format!("copy-{language}"));
    page.wait_until("a copy", "window.copied !== undefined");
    let copied = page.evaluate("window.copied");
    assert_eq!(copied, code(page, language));
    assert!(copied.ends_with('\n') && !copied.contains("{/"), "{copied}");
}
