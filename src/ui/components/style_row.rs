//! Ten digits in the style of the drawing.

use leptos::html::Div;
use leptos::prelude::*;

use super::explained::Explained;
use super::picture::Picture;
use crate::protocol::{Code, ModelId};
use crate::ui::dom::visibility::use_visibility;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::state::latent::{CLASSES, each_class};
use crate::ui::state::requests::use_samples;

/// The images of `model` at the `code` with its class replaced by each of the ten; none without a code.
#[component]
pub fn StyleRow(model: ModelId, #[prop(into)] code: Signal<Option<Code>>) -> impl IntoView {
    let i18n = use_i18n();
    let codes = RwSignal::new(Vec::new());
    Effect::new(move || codes.set(code.with(|code| code.as_deref().map(each_class)).unwrap_or_default()));
    let row = NodeRef::<Div>::new();
    let samples = use_samples(model, codes, use_visibility(row));
    let digit = move |digit: usize| {
        let image = Signal::derive(move || {
            if code.with(Option::is_none) {
                return None;
            }
            samples.with(|(images, _)| images.get(digit).cloned())
        });
        let label = move || t_string!(i18n, prior.style, digit = digit);
        view! { <Picture testid=TESTIDS[digit] image=image label=label /> }
    };
    view! {
        <div class="styles" node_ref=row>
            <p class="hint">
                <Explained
                    testid="styles"
                    text=move || t_string!(i18n, prior.styles)
                    about=move || t_string!(i18n, prior.about_styles)
                />
            </p>
            <div class="style-row">{(0..CLASSES).map(digit).collect_view()}</div>
        </div>
    }
}

const TESTIDS: [&str; CLASSES] =
    ["style-0", "style-1", "style-2", "style-3", "style-4", "style-5", "style-6", "style-7", "style-8", "style-9"];
