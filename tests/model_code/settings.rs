//! The programs have the values of the settings.

use bottleneck::training::Catalogue;
use bottleneck::ui::state::model_code::{PYTHON, RUST, path, with_settings};
use serde_json::Value;

use crate::case::cases;
use crate::support::file;

/// What no program has a place for: its draws are others, and this noise is of no kind that these autoencoders get.
const WITHOUT: [(&str, &str); 3] = [("", "seed"), ("deep", "dropout"), ("convolutional_denoising", "dropout")];

pub fn program(model: &str, language: &str) -> String {
    String::from_utf8(file(&path(model, language))).expect("a program is text")
}

#[test]
fn a_program_is_of_the_shipped_settings_as_it_is() {
    for entry in Catalogue::all().entries() {
        let settings: Value = serde_json::from_str(&entry.describe().presets[0].settings).unwrap();
        for language in [PYTHON, RUST] {
            let program = program(entry.id().name(), language);
            let without_pointers = |line: &str| match line.rsplit_once("{/") {
                Some((line, _)) => format!("{}\n", line.trim_end_matches([' ', '/', '#'])),
                None => format!("{line}\n"),
            };
            let expected: String = program.lines().map(without_pointers).collect();
            let found = with_settings(&program, &settings);
            for (found, expected) in found.lines().zip(expected.lines()) {
                assert_eq!(found, expected, "{} in {language}", entry.id());
            }
            assert_eq!(found.lines().count(), expected.lines().count());
        }
    }
}

#[test]
fn every_setting_that_a_person_can_change_is_in_the_program() {
    for entry in Catalogue::all().entries() {
        let description = entry.describe();
        let model = description.model.name();
        for preset in &description.presets {
            let settings: Value = serde_json::from_str(&preset.settings).unwrap();
            for setting in &description.settings {
                let Some(number) = setting.get(&settings) else { continue };
                if WITHOUT.iter().any(|(of, key)| ["", model].contains(of) && setting.key == *key) {
                    continue;
                }
                let (least, largest) = setting.range;
                let mut changed = settings.clone();
                setting.set(&mut changed, if number == largest { least } else { largest }).unwrap();
                for language in [PYTHON, RUST] {
                    let program = program(model, language);
                    let [before, after] = [&settings, &changed].map(|settings| with_settings(&program, settings));
                    assert_ne!(before, after, "{} of {model} {} in {language}", setting.key, preset.name);
                }
            }
        }
    }
}

/// Tests cannot compile what is filled in; they see that its types stay.
#[test]
fn values_in_rust_are_of_their_types() {
    for case in cases() {
        let program = with_settings(&program(case.model.name(), RUST), &case.settings);
        let mut lines = program.lines().map(str::trim).peekable();
        while let Some(line) = lines.next() {
            let (kind, value) = if let Some(defined) = line.strip_prefix("const ") {
                defined.trim_end_matches(';').split_once(": ").unwrap().1.split_once(" = ").unwrap()
            } else if let Some(value) = line.strip_prefix("#[config(default = ") {
                let field = lines.peek().expect("a field").trim_end_matches(',');
                (field.split_once(": ").unwrap().1, value.trim_end_matches(")]"))
            } else {
                continue;
            };
            let is_of_kind = match kind {
                "usize" => value.parse::<usize>().is_ok(),
                "f64" => value.parse::<f64>().is_ok() && value.contains(['.', 'e']),
                "bool" => value.parse::<bool>().is_ok(),
                "Vec<usize>" => value.starts_with("\"vec![") && value.ends_with("]\""),
                "Reconstruction" => {
                    ["CrossEntropy", "SquaredError"].iter().any(|name| value.ends_with(&format!("::{name}\"")))
                }
                "Order" => ["Joint", "LayerByLayer"].iter().any(|name| value.ends_with(&format!("::{name}\""))),
                "PosteriorScale" => ["LogVariance", "Sigma"].iter().any(|name| value.ends_with(&format!("::{name}\""))),
                "Prior" => {
                    ["Normal", "Mixture", "SwissRoll"].iter().any(|name| value.ends_with(&format!("::{name}\"")))
                }
                _ => false,
            };
            assert!(is_of_kind, "{} {}: {line}", case.model, case.preset);
        }
    }
}
