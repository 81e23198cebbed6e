//! A figure that says what it is: at the pointer, at the keyboard's focus, and when it is tapped.

use leptos::prelude::*;

/// Something that is `shown`, and what it is. Its style goes with the explanations of settings; Escape takes it away (www/view.js).
#[component]
pub fn Explained(
    /// Like no other on the page.
    #[prop(into)]
    id: String,
    #[prop(into)] about: TextProp,
    /// There is nothing to stop at where nothing is shown.
    #[prop(into, default = Signal::stored(true))]
    shown: Signal<bool>,
    children: Children,
) -> impl IntoView {
    let explanation = format!("{id}-about");
    let (named_by, described_by) = (id.clone(), explanation.clone());
    view! {
        <span
            class="explained"
            role="note"
            tabindex=move || shown.get().then_some("0")
            aria-labelledby=named_by
            aria-describedby=described_by
        >
            <span id=id>{children()}</span>
            <small class="explanation" id=explanation role="tooltip">
                {move || about.get()}
            </small>
        </span>
    }
}
