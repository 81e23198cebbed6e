//! A picture with its name and its error.

use leptos::prelude::*;

use super::explained::Explained;
use super::picture::Picture;
use crate::protocol::Image;
use crate::ui::i18n::{t_string, use_i18n};

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
