//! Which model a figure shows.

use leptos::prelude::*;

use crate::protocol::ModelId;
use crate::ui::format::grouped;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::state::content::Content;
use crate::ui::state::engine_handle::EngineHandle;
use crate::ui::state::router::Router;

/// The model's name in links.
pub const KEY: &str = "model";

/// The one of `models` that links name, `first` where they name none; the address follows the choice.
pub fn use_linked_model(models: Vec<ModelId>, first: ModelId) -> RwSignal<ModelId> {
    let router = expect_context::<Router>();
    let model = RwSignal::new(first);
    router.on_visit(move |query| {
        let named = query.get(KEY).and_then(|name| models.iter().find(|model| model.name() == name));
        let shown = model.get_untracked();
        match named {
            Some(&named) if named != shown => model.set(named),
            Some(_) => {}
            // A link to something else of the chapter leaves the model as it is.
            None => router.note(KEY, (shown != first).then_some(shown.name())),
        }
    });
    Effect::new(move |was: Option<ModelId>| {
        let model = model.get();
        if was.is_some_and(|was| was != model) {
            let is_linked = router.query().get(KEY).as_deref() == Some(model.name());
            if !is_linked {
                router.show(String::new());
                router.note(KEY, (model != first).then_some(model.name()));
            }
        }
        model
    });
    model
}

/// One card per model, with the numbers of its code, by which the reader chooses where `by_numbers`; nothing where there is no choice.
#[component]
pub fn ModelChoice(models: Vec<ModelId>, model: RwSignal<ModelId>, by_numbers: bool) -> impl IntoView {
    let i18n = use_i18n();
    let content = expect_context::<Content>();
    let numbers = use_numbers();
    let choice = move |choice: ModelId| {
        let numbers = move || numbers(choice).unwrap_or_else(|| "\u{a0}".to_string());
        let name = move || content.model_name(choice);
        view! {
            <label class="model-choice">
                <input
                    type="radio"
                    name="model"
                    data-testid=format!("choice-{}", choice.name())
                    prop:checked=move || model.get() == choice
                    on:change=move |_| model.set(choice)
                />
                <span class="choice-first">{move || if by_numbers { numbers() } else { name() }}</span>
                <span class="choice-second">{move || if by_numbers { name() } else { numbers() }}</span>
            </label>
        }
    };
    let is_only_one = models.len() < 2;
    view! {
        <fieldset class="model-choices" hidden=is_only_one>
            <legend>
                {move || if by_numbers { t_string!(i18n, figure.choose) } else { t_string!(i18n, figure.choose_model) }}
            </legend>
            {models.into_iter().map(choice).collect_view()}
        </fieldset>
    }
}

/// A list of models to choose one from, each with the numbers of its code: of many, cards would fill the screen.
#[component]
pub fn ModelList(models: Vec<ModelId>, model: RwSignal<ModelId>) -> impl IntoView {
    let i18n = use_i18n();
    let content = expect_context::<Content>();
    let numbers = use_numbers();
    let option = move |choice: ModelId| {
        let text = move || match numbers(choice) {
            Some(numbers) => format!("{} ({numbers})", content.model_name(choice)),
            None => content.model_name(choice),
        };
        view! { <option value=choice.name() prop:selected=move || model.get() == choice>{text}</option> }
    };
    let choose = move |event| model.set(ModelId::named(&event_target_value(&event)));
    view! {
        <label class="model-list">
            {move || t_string!(i18n, model_table.model)}
            <select data-testid="model-list" on:change=choose>{models.into_iter().map(option).collect_view()}</select>
        </label>
    }
}

/// How many numbers a model's code has, in words; None until the engine has told.
fn use_numbers() -> impl Fn(ModelId) -> Option<String> + Copy + Send + Sync + 'static {
    let i18n = use_i18n();
    let engine = expect_context::<EngineHandle>();
    move |model| {
        let code = engine.shipped_shape(model)?.code();
        Some(t_string!(i18n, figure.numbers, count = grouped(code)))
    }
}
