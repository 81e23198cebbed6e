//! Weights and unfinished runs that are kept: in this browser, or as files.

use gloo::file::futures::read_as_bytes;
use gloo::file::{Blob, FileList, ObjectUrl};
use gloo::timers::callback::Timeout;
use js_sys::Date;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement, HtmlInputElement};

use super::super::element::{El, button, effect, el, value_of, words};
use super::super::language::{t_string, use_i18n};
use super::super::sentence::model_name;
use super::super::training::Plan;
use super::run_controls::control;
use crate::client::SlotKey;
use crate::protocol::{Answer, Command, Control, ModelId, StoredRun, StoredWeights};

/// What the names of files end with.
const WEIGHTS: &str = "safetensors";
const CARD: &str = "json";

/// A file that was offered for download stays there this long.
const DOWNLOAD_MS: u32 = 60_000;

/// What the browser keeps.
#[derive(Clone, Copy)]
pub struct Shelf {
    plan: Plan,
    runs: RwSignal<Vec<StoredRun>>,
    weights: RwSignal<Vec<StoredWeights>>,
}

impl Shelf {
    /// Looks into the browser's storage now, and again with every engine and after every run.
    pub fn new(plan: Plan) -> Self {
        let shelf = Self { plan, runs: RwSignal::new(Vec::new()), weights: RwSignal::new(Vec::new()) };
        let under_way = Memo::new(move |_| plan.is_under_way());
        effect(move || {
            plan.lab.engines.track();
            if !under_way.get() {
                shelf.look();
            }
        });
        shelf
    }

    fn look(self) {
        self.plan.lab.ask(SlotKey::Stored, Command::Stored, move |answer| {
            if let Answer::Stored { runs, weights } = answer {
                self.runs.set(runs);
                self.weights.set(weights);
            }
        });
    }

    /// Has the engine change what is kept or in use, and looks again.
    fn change(self, lane: SlotKey, command: Command, model: ModelId) {
        self.plan.lab.order(lane, command, move |_| {
            self.plan.lab.changed(model);
            self.look();
        });
    }
}

/// Offers to go on with the runs of earlier visits.
pub fn unfinished_runs(shelf: Shelf) -> El {
    let i18n = use_i18n();
    let plan = shelf.plan;
    let offer = move |StoredRun { model, progress, .. }: StoredRun| {
        let text = words(move || {
            let model = model_name(i18n, model);
            t_string!(i18n, train.unfinished, model = model, step = progress.step, steps = progress.steps)
        });
        let resume = move || {
            plan.model.set(model);
            plan.lab.order(SlotKey::Train, Command::Recover { model }, move |_| control(plan, Control::Resume));
        };
        el("div", "panel offer").set("data-testid", "unfinished").children([
            el("p", "").text(text),
            button("recover", words(move || t_string!(i18n, train.resume)), resume),
            button("discard", words(move || t_string!(i18n, train.discard)), move || {
                shelf.change(SlotKey::Store, Command::Discard { model }, model);
            }),
        ])
    };
    let offers = move || match plan.is_under_way() {
        true => Vec::new(),
        false => shelf.runs.get().into_iter().map(offer).collect(),
    };
    el("div", "offers").set("aria-live", "polite").each(offers)
}

/// Keeps weights, and puts kept ones into use again.
pub fn kept_weights(shelf: Shelf) -> El {
    let i18n = use_i18n();
    let model = shelf.plan.model;
    let typed = RwSignal::new(None::<String>);
    let today = || String::from(Date::new_0().to_iso_string()).split('T').next().unwrap_or_default().to_string();
    let name = move || typed.get().unwrap_or_else(|| format!("{} {}", model_name(i18n, model.get()), today()));
    let keep = move || {
        let (model, name) = (model.get_untracked(), untrack(name).trim().to_string());
        if !name.is_empty() {
            shelf.change(SlotKey::Store, Command::Keep { model, name }, model);
            typed.set(None);
        }
    };
    // One file a press: browsers hold a second one back, or ask whether the page may.
    let export = move |kind: &'static str| {
        let model = model.get_untracked();
        shelf.plan.lab.order(SlotKey::File, Command::Export { model }, move |answer| {
            if let Answer::Exported { weights, card } = answer {
                let file = if kind == CARD { Blob::new(card.as_str()) } else { Blob::new(weights.as_slice()) };
                download(&format!("{}.{kind}", model.name()), file);
            }
        });
    };
    // The entry whose deletion was asked for once.
    let asked = RwSignal::new(None::<StoredWeights>);
    let entries = move || {
        let weights = shelf.weights.get();
        if weights.is_empty() {
            return vec![el("li", "hint").text(words(move || t_string!(i18n, train.kept_none)))];
        }
        weights.into_iter().map(|entry| kept(shelf, asked, entry)).collect()
    };
    el("div", "weights").children([
        el("h3", "").text(words(move || t_string!(i18n, train.weights))),
        el("div", "keep").children([
            el("label", "setting").children([
                el("span", "").text(words(move || t_string!(i18n, train.name))),
                el("input", "")
                    .set("maxlength", 80)
                    .set("autocomplete", "off")
                    .set("data-testid", "keep-name")
                    .prop("value", name)
                    .on("input", move |event| typed.set(Some(value_of(&event)))),
            ]),
            button("keep", words(move || t_string!(i18n, train.keep)), keep),
            button("export", words(move || t_string!(i18n, train.download)), move || export(WEIGHTS)),
            button("export-card", words(move || t_string!(i18n, train.download_card)), move || export(CARD)),
        ]),
        el("label", "setting").children([
            el("span", "").text(words(move || t_string!(i18n, train.load))),
            el("input", "")
                .set("type", "file")
                .set("accept", ".safetensors")
                .set("data-testid", "import")
                .on("change", move |event| import(shelf, event)),
        ]),
        el("h4", "").text(words(move || t_string!(i18n, train.kept))),
        el("ul", "kept").each(entries),
    ])
}

/// One entry of the list. It is deleted at the second press.
fn kept(shelf: Shelf, asked: RwSignal<Option<StoredWeights>>, entry: StoredWeights) -> El {
    let i18n = use_i18n();
    let StoredWeights { model, name, .. } = entry.clone();
    let (title, used) = (name.clone(), name.clone());
    let title = words(move || if title.is_empty() { t_string!(i18n, train.latest) } else { &title }.to_string());
    let is_asked = {
        let entry = entry.clone();
        move || asked.with(|asked| asked.as_ref() == Some(&entry))
    };
    let label = {
        let is_asked = is_asked.clone();
        words(move || if is_asked() { t_string!(i18n, train.sure) } else { t_string!(i18n, train.delete) })
    };
    let delete = move || match untrack(&is_asked) {
        true => shelf.change(SlotKey::Store, Command::Forget { model, name: name.clone() }, model),
        false => asked.set(Some(entry.clone())),
    };
    el("li", "").set("data-testid", "kept").children([
        el("span", "kept-name").text(title),
        el("span", "hint").text(words(move || model_name(i18n, model))),
        button("use", words(move || t_string!(i18n, train.take)), move || {
            shelf.plan.model.set(model);
            shelf.change(SlotKey::Store, Command::Use { model, name: used.clone() }, model);
        }),
        button("forget", label, delete),
    ])
}

/// Puts the chosen file's weights into use. A file that cannot be read is refused as an empty one is.
fn import(shelf: Shelf, event: Event) {
    let input: HtmlInputElement = event_target(&event);
    let Some(file) = input.files().map(FileList::from).and_then(|files| files.first().cloned()) else { return };
    // The same file can be chosen again.
    input.set_value("");
    let model = shelf.plan.model.get_untracked();
    leptos::task::spawn_local(async move {
        let file = read_as_bytes(&file).await.unwrap_or_default();
        shelf.change(SlotKey::File, Command::Import { model, file }, model);
    });
}

/// Offers `blob` as a file.
fn download(name: &str, blob: Blob) {
    let url = ObjectUrl::from(blob);
    let Ok(link) = gloo::utils::document().create_element("a") else { return };
    // Two attributes of a fresh link cannot fail.
    let _ = link.set_attribute("href", &url);
    let _ = link.set_attribute("download", name);
    link.unchecked_into::<HtmlElement>().click();
    Timeout::new(DOWNLOAD_MS, move || drop(url)).forget();
}
