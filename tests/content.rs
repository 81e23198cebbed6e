//! The texts in `www/content`: the same in every language, and one about every model.

use std::collections::BTreeSet;
use std::path::Path;

use bottleneck::protocol::ModelDescription;
use bottleneck::training::Catalogue;
use serde_json::Value;

fn content(language: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/content").join(language).join("models.json");
    serde_json::from_slice(&std::fs::read(path).expect("a committed file")).expect("JSON")
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

#[test]
fn both_languages_have_the_same_texts() {
    let [english, chinese] = ["en", "zh"].map(|language| {
        let mut found = BTreeSet::new();
        texts(&content(language), "", &mut found);
        found
    });
    assert_eq!(english, chinese);
    for entry in Catalogue::all().entries() {
        let ModelDescription { model, presets, settings } = entry.describe();
        let names = [format!("/names/{model}"), format!("/about/{model}")].into_iter();
        let presets = presets.iter().map(|preset| format!("/presets/{}", preset.name));
        let settings = settings
            .iter()
            .flat_map(|setting| ["name", "about"].map(|text| format!("/settings/{}/{text}", setting.key)));
        for pointer in names.chain(presets).chain(settings) {
            assert!(english.contains(&pointer), "no text at {pointer}");
        }
    }
    // What the page asks for.
    let asked =
        ["/codes/all", "/codes/linear", "/activations", "/compared/all", "/corrections/title", "/corrections/lead"];
    let items = (0..3).map(|item| format!("/corrections/items/{item}"));
    for pointer in asked.map(str::to_string).into_iter().chain(items) {
        assert!(english.contains(&pointer), "no text at {pointer}");
    }
}
