//! What a chapter's links can hold: known chapters, models, presets, and settings within their ranges.

use bottleneck::protocol::ModelDescription;
use bottleneck::training::{Catalogue, Entry};
use bottleneck::ui::state::drawing_link::parse_digit;
use bottleneck::ui::state::inside_view::InsideView;
use bottleneck::ui::state::latent::EXTENT;
use bottleneck::ui::state::model_table::Order;
use bottleneck::ui::state::route::Chapter;
use serde_json::Value;

/// How many numbers a link holds under `z`.
const CODE: usize = 20;

/// What is wrong with a link, if anything is; `here` is the chapter that it stands in.
pub fn check(here: &str, link: &str) -> Result<(), String> {
    let Some(hash) = link.strip_prefix('#') else {
        return if link.starts_with("https://") { Ok(()) } else { Err("it is neither #/... nor https://...".into()) };
    };
    let (name, query) = hash.split_once('?').unwrap_or((hash, ""));
    let name = name.strip_prefix('/').ok_or("a hash link begins with #/")?;
    let known = Chapter::ALL.into_iter().find(|chapter| chapter.name() == name);
    let chapter = known.ok_or_else(|| format!("there is no chapter {name}, as {here} says"))?;
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| pair.split_once('=').ok_or_else(|| format!("{pair} has no =")));
    let pairs = pairs.collect::<Result<Vec<(&str, &str)>, String>>()?;
    let value = |key: &str| pairs.iter().find(|(found, _)| *found == key).map(|(_, value)| *value);
    let model = value("model").map_or_else(|| model_of(chapter), Some).map(describe).transpose()?;
    for (key, text) in &pairs {
        match *key {
            "digit" => drop(parse_digit(text).ok_or_else(|| format!("digit={text} is no digit"))?),
            "noise" => within(text, 0.0, 2.0)?,
            "dropout" => within(text, 0.0, 0.95)?,
            "draw" => drop(text.parse::<u32>().map_err(|_| format!("draw={text} is no number"))?),
            "z" => check_code(text)?,
            "view" => drop(InsideView::from_name(text).ok_or_else(|| format!("there is no view {text}"))?),
            "layer" | "unit" => check_unit(&model, value("layer"), value("unit"))?,
            "sort" => drop(Order::parse(text).ok_or_else(|| format!("there is no order {text}"))?),
            "model" | "preset" => {}
            "set" => check_settings(&model, value("preset"), text)?,
            other => return Err(format!("links hold no {other}")),
        }
    }
    match value("preset") {
        Some(preset) => preset_of(&model, Some(preset)).map(drop),
        None => Ok(()),
    }
}

/// A link to a unit names one of the model's.
fn check_unit(model: &Option<ModelDescription>, layer: Option<&str>, unit: Option<&str>) -> Result<(), String> {
    let layers = &model.as_ref().and_then(|model| model.presets.first()).ok_or("of which model?")?.shape.layers;
    let number = |text: Option<&str>| text.and_then(|text| text.parse::<usize>().ok()).ok_or("no number");
    let (layer, unit) = (number(layer)?, number(unit)?);
    match layers.get(layer) {
        Some(&units) if unit < units => Ok(()),
        _ => Err(format!("there is no unit {unit} in layer {layer}")),
    }
}

/// The model that a chapter is about.
fn model_of(chapter: Chapter) -> Option<&'static str> {
    match chapter {
        Chapter::Start
        | Chapter::Autoencoder
        | Chapter::Inside
        | Chapter::Compare
        | Chapter::Train
        | Chapter::About => None,
        Chapter::Variational => Some("vae"),
        Chapter::Pretraining => Some("classifier"),
        chapter => Some(chapter.name()),
    }
}

fn describe(name: &str) -> Result<ModelDescription, String> {
    let catalogue = Catalogue::all();
    let entry = catalogue.entries().find(|entry| entry.id().name() == name);
    entry.map(Entry::describe).ok_or_else(|| format!("there is no model {name}"))
}

/// The settings of the preset, or of the first where none is named.
fn preset_of(model: &Option<ModelDescription>, name: Option<&str>) -> Result<Value, String> {
    let model = model.as_ref().ok_or("of which model?")?;
    let mut presets = model.presets.iter();
    let preset = match name {
        Some(name) => presets.find(|preset| preset.name == name),
        None => presets.next(),
    };
    let preset = preset.ok_or_else(|| format!("{} has no preset {name:?}", model.model))?;
    serde_json::from_str(&preset.settings).map_err(|error| error.to_string())
}

fn check_settings(model: &Option<ModelDescription>, preset: Option<&str>, changes: &str) -> Result<(), String> {
    let settings = preset_of(model, preset)?;
    let known = &model.as_ref().expect("it has a preset").settings;
    for change in changes.split(',') {
        let (key, number) = change.split_once(':').ok_or_else(|| format!("{change} has no colon"))?;
        let number: f64 = number.parse().map_err(|_| format!("{number} is no number"))?;
        let setting = known.iter().find(|setting| setting.key == key && setting.get(&settings).is_some());
        let setting = setting.ok_or_else(|| format!("this model, or this preset of it, has no setting {key}"))?;
        setting.check(number).map_err(|error| error.to_string())?;
    }
    Ok(())
}

fn check_code(code: &str) -> Result<(), String> {
    let numbers: Vec<&str> = code.split(',').collect();
    if numbers.len() != CODE {
        return Err(format!("z has {} numbers, not {CODE}", numbers.len()));
    }
    numbers.into_iter().try_for_each(|number| within(number, -EXTENT, EXTENT))
}

fn within(number: &str, least: f32, largest: f32) -> Result<(), String> {
    match number.parse::<f32>() {
        Ok(number) if (least..=largest).contains(&number) => Ok(()),
        _ => Err(format!("{number} is no number from {least} to {largest}")),
    }
}

#[test]
fn a_link_that_leads_nowhere_is_seen() {
    for good in [
        "#/",
        "#/variational?set=kl_weight:0,epochs:3",
        "#/train?model=vae&preset=notebook",
        "#/denoising?digit=4-17&noise=0.5",
        "#/compare?sort=-log_likelihood",
        "https://arxiv.org/abs/1312.6114",
    ] {
        assert_eq!(check("start", good), Ok(()), "{good}");
    }
    let bad = [
        "#variational",
        "#/nowhere",
        "http://example.org",
        "#/train?model=nobody",
        "#/train?set=epochs:3",
        "#/variational?preset=none",
        "#/variational?set=kl_weight:-1",
        "#/variational?set=sparsity:0.1",
        "#/variational?set=epochs",
        "#/variational?z=1,2",
        "#/denoising?digit=14",
        "#/denoising?noise=5",
        "#/denoising?colour=1",
        "#/compare?sort=beauty",
    ];
    for bad in bad {
        assert!(check("start", bad).is_err(), "{bad}");
    }
}
