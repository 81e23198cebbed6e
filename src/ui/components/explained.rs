//! A figure that says what it is: at the pointer, at the keyboard's focus, and when it is tapped.

use leptos::prelude::*;

/// A text, and what it is; there is nothing to stop at while it is empty, but its line stays as high. The style goes with that of the
/// settings' explanations; Escape takes them away (www/view.js).
#[component]
pub fn Explained(
    /// Like no other on the page.
    #[prop(into)]
    testid: String,
    #[prop(default = "")] class: &'static str,
    #[prop(into)] text: TextProp,
    #[prop(into)] about: TextProp,
) -> impl IntoView {
    let [name, explanation] = ["", "-about"].map(|part| format!("explained-{testid}{part}"));
    let (named_by, described_by) = (name.clone(), explanation.clone());
    let tested = text.clone();
    let stop = move || (!tested.get().is_empty()).then_some("0");
    let shown = move || {
        let text = text.get();
        if text.is_empty() { "\u{a0}".into() } else { text }
    };
    view! {
        <span class="explained" role="note" tabindex=stop aria-labelledby=named_by aria-describedby=described_by>
            <span class=class id=name data-testid=testid>
                {shown}
            </span>
            <small class="explanation" id=explanation role="tooltip">
                {move || about.get()}
            </small>
        </span>
    }
}
