//! What something is or does, told at the pointer, at the keyboard's focus and to a tap: one way for figures, settings and buttons.
//! Escape takes an explanation away (www/view.js).

use leptos::prelude::*;

/// The explanation of what stands beside it. It is shown while the `.explained-name` beside it is pointed at, or the focus is there.
#[component]
pub fn Explanation(
    /// What it explains is `aria-describedby` this id.
    #[prop(into)]
    id: String,
    #[prop(into)] about: TextProp,
) -> impl IntoView {
    view! {
        <small class="explanation" id=id role="tooltip">
            {move || about.get()}
        </small>
    }
}

/// A text, and what it is; there is nothing to stop at while it is empty, but its line stays as high.
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
    let is_there = Memo::new(move |_| !tested.get().is_empty());
    let stop = move || is_there.get().then_some("0");
    let role = move || is_there.get().then_some("note");
    let named_by = move || is_there.get().then(|| named_by.clone());
    let described_by = move || is_there.get().then(|| described_by.clone());
    let shown = move || {
        let text = text.get();
        if text.is_empty() { "\u{a0}".into() } else { text }
    };
    view! {
        <span class="explained" role=role tabindex=stop aria-labelledby=named_by aria-describedby=described_by>
            <span class=class id=name data-testid=testid>
                {shown}
            </span>
            <Explanation id=explanation about=about />
        </span>
    }
}

/// A button, and what it does.
#[component]
pub fn ExplainedButton(
    testid: &'static str,
    #[prop(default = "")] class: &'static str,
    #[prop(into)] text: TextProp,
    #[prop(into)] about: TextProp,
    #[prop(into, optional)] disabled: Signal<bool>,
    #[prop(into)] press: Callback<()>,
    /// The focus goes elsewhere.
    #[prop(into, optional)]
    left: Option<Callback<()>>,
) -> impl IntoView {
    let id = format!("{testid}-about");
    view! {
        <span class="explains">
            <Explanation id=id.clone() about=about />
            <button
                type="button"
                class=format!("explained-name {class}")
                data-testid=testid
                aria-describedby=id
                disabled=disabled
                on:click=move |_| press.run(())
                on:blur=move |_| if let Some(left) = left { left.run(()) }
            >
                {move || text.get()}
            </button>
        </span>
    }
}
