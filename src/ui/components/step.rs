//! Pictures with their names and errors.

use leptos::prelude::*;

use super::explained::Explained;
use super::picture::Picture;
use crate::protocol::{Image, Reconstruction};
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::state::requests::part;

/// A picture with its name and its error, where it has one. In a grid it lies in the `area`, or in its turn.
#[component]
pub fn Step(
    name: &'static str,
    #[prop(into)] image: Signal<Option<Image>>,
    #[prop(into, optional)] error: Signal<Option<f32>>,
    #[prop(into)] caption: TextProp,
    #[prop(default = "auto")] area: &'static str,
) -> impl IntoView {
    let i18n = use_i18n();
    let error = move || match error.get() {
        Some(error) => t_string!(i18n, picture.error, value = format!("{error:.4}")),
        None => String::new(),
    };
    let label = caption.clone();
    view! {
        <div class="step" style=format!("grid-area:{area}")>
            <Picture testid=name image=image label=label />
            <p class="caption">
                // The picture has it as its name.
                <span aria-hidden="true">{move || caption.get()}</span>
                <Explained
                    testid=format!("{name}-error")
                    class="step-error"
                    text=error
                    about=move || t_string!(i18n, picture.error_hint)
                />
            </p>
        </div>
    }
}

/// What the models see, and what one of them makes of it.
#[component]
pub fn ReconstructionSteps(
    names: [&'static str; 2],
    #[prop(into)] image: Signal<Option<Image>>,
    result: RwSignal<Option<Reconstruction>>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Step name=names[0] image=image caption=move || t_string!(i18n, picture.seen) />
        <Step
            name=names[1]
            image=part(result, |result| result.output.clone())
            error=part(result, |result| result.output_error)
            caption=move || t_string!(i18n, picture.reconstruction)
        />
    }
}
