//! The texts in `www/content`: the same in every language, and one about every model.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use bottleneck::data::dataset::Dataset;
use bottleneck::protocol::ModelDescription;
use bottleneck::training::{Catalogue, Entry};
use burn::tensor::Device;
use futures::executor::block_on;
use serde_json::Value;

fn content(language: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/content").join(language).join("models.json");
    serde_json::from_slice(&fs::read(path).expect("a committed file")).expect("JSON")
}

/// The JSON pointers of all texts; none of them is empty.
fn texts(value: &Value, pointer: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(name, value)| texts(value, &format!("{pointer}/{name}"), found));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, value)| texts(value, &format!("{pointer}/{at}"), found));
        }
        Value::String(text) => {
            assert!(!text.trim().is_empty(), "{pointer} is empty");
            found.insert(pointer.to_string());
        }
        other => panic!("{pointer} is {other}"),
    }
}

/// Blank examples of so many numbers.
struct Blank(usize);

impl Dataset for Blank {
    fn count(&self) -> usize {
        2
    }

    fn width(&self) -> usize {
        self.0
    }

    fn read(&self, _index: usize, row: &mut [f32]) {
        row.fill(0.0);
    }

    fn label(&self, index: usize) -> Option<u8> {
        Some(index as u8)
    }
}

/// The names of the parts of a model's loss, by any of its presets.
fn loss_parts(entry: &dyn Entry) -> BTreeSet<&'static str> {
    let parts = entry.describe().presets.into_iter().flat_map(|preset| {
        let plan = entry.plan(&preset.settings).expect("good settings");
        let blank = Rc::new(Blank(plan.shape.input()));
        let mut run = plan.begin(blank, &Device::flex()).expect("a run");
        run.step();
        block_on(run.losses()).expect("losses").into_iter().map(|(name, _)| name)
    });
    parts.collect()
}

/// At a wrong pointer the page would show no field. Those of the recipe belong to all models, and not each has noise.
#[test]
fn every_setting_is_found_in_a_preset() {
    for entry in Catalogue::all().entries() {
        let ModelDescription { model, presets, settings, .. } = entry.describe();
        let presets: Vec<Value> =
            presets.iter().map(|preset| serde_json::from_str(&preset.settings).expect("JSON")).collect();
        for setting in settings.iter().filter(|setting| setting.pointer.starts_with("/model/")) {
            assert!(presets.iter().any(|preset| setting.get(preset).is_some()), "{model}: {}", setting.pointer);
        }
    }
}

#[test]
fn both_languages_have_the_same_texts() {
    let [english, chinese] = ["en", "zh"].map(|language| {
        let mut found = BTreeSet::new();
        texts(&content(language), "", &mut found);
        found
    });
    assert_eq!(english, chinese);
    for entry in Catalogue::all().entries() {
        let ModelDescription { model, presets, settings, .. } = entry.describe();
        let names = [format!("/names/{model}"), format!("/about/{model}")].into_iter();
        let presets = presets.iter().map(|preset| format!("/presets/{}", preset.name));
        let settings = settings
            .iter()
            .flat_map(|setting| ["name", "about"].map(|text| format!("/settings/{}/{text}", setting.key)));
        let compared = (!entry.baselines().is_empty()).then(|| format!("/compared/{model}"));
        let losses = loss_parts(entry).into_iter().map(|part| format!("/losses/{part}"));
        for pointer in names.chain(presets).chain(settings).chain(compared).chain(losses) {
            assert!(english.contains(&pointer), "no text at {pointer}");
        }
    }
    // What the page asks for.
    for pointer in [
        "/codes/all",
        "/codes/linear",
        "/activations",
        "/compared/all",
        "/pretraining/title",
        "/pretraining/about",
        "/unmeasured",
    ] {
        assert!(english.contains(pointer), "no text at {pointer}");
    }
}

/// Where the words of the page are, one file for each language.
fn locales(folder: &Path) -> Option<PathBuf> {
    if folder.join("en.json").is_file() {
        return Some(folder.to_owned());
    }
    let entries = fs::read_dir(folder).expect("a folder of the source").map(|entry| entry.expect("an entry").path());
    entries.filter(|path| path.is_dir()).find_map(|path| locales(&path))
}

/// The words of the page.
fn words(language: &str) -> Value {
    let folder = locales(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ui")).expect("the words of the page");
    let file = fs::read(folder.join(language).with_extension("json")).expect("a file for each language");
    serde_json::from_slice(&file).expect("JSON")
}

/// Whether a text names a year, as it does where it says who proposed something.
fn names_a_year(text: &str) -> bool {
    let mut numbers = text.split(|letter: char| !letter.is_ascii_digit());
    numbers.any(|number| number.len() == 4 && (number.starts_with("19") || number.starts_with("20")))
}

/// Each setting, of a run and of gradient ascent, says who proposed it, or that it is ours.
#[test]
fn settings_name_who_proposed_them() {
    for (language, ours) in [("en", "ours"), ("zh", "我们")] {
        let (texts, words) = (content(language), words(language));
        let of_runs = texts["settings"].as_object().expect("settings").iter();
        let of_runs = of_runs.map(|(key, setting)| (key.as_str(), &setting["about"]));
        let of_ascent = ["about_step_size", "about_decay", "about_blur"].map(|key| (key, &words["inside"][key]));
        for (key, about) in of_runs.chain(of_ascent) {
            let about = about.as_str().expect("a text");
            assert!(names_a_year(about) || about.contains(ours), "{key} in {language}: {about}");
        }
    }
}

/// That every error has a sentence the compiler sees to; here, that it has one of its own in each language.
#[test]
fn both_languages_have_sentences_for_errors() {
    let [english, chinese] = ["en", "zh"].map(|language| {
        let words = words(language);
        let mut found = BTreeSet::new();
        texts(&words, "", &mut found);
        (words, found)
    });
    assert_eq!(english.1, chinese.1);
    let errors: Vec<&String> = english.1.iter().filter(|pointer| pointer.starts_with("/error/")).collect();
    assert!(errors.len() > 20, "{errors:?}");
    for pointer in errors {
        let sentence = |words: &Value| words.pointer(pointer).and_then(Value::as_str).expect("a text").to_owned();
        let (english, chinese) = (sentence(&english.0), sentence(&chinese.0));
        assert!(english.is_ascii() || english.contains(['“', '×', '…']), "{pointer} in English: {english}");
        assert!(
            chinese.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter)),
            "{pointer} in Chinese: {chinese}"
        );
    }
}
