//! Elements that are all of one type, whatever they hold. A view whose type spells out everything in it is compiled anew
//! at every place, and the page would be several times as large.

use std::sync::Arc;

use leptos::attr::any_attribute::{AnyAttribute, IntoAnyAttribute};
use leptos::attr::custom::custom_attribute;
use leptos::ev::{self, on};
use leptos::html::{self, custom};
use leptos::prelude::*;
use leptos::tachys::html::node_ref::node_ref;
use leptos::tachys::html::property::prop;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement};

/// A text that follows what it is made of.
pub type Words = Arc<dyn Fn() -> String + Send + Sync>;

/// Makes [`Words`] of a closure.
pub fn words<S: Into<String>>(text: impl Fn() -> S + Send + Sync + 'static) -> Words {
    Arc::new(move || text().into())
}

type Follow = Box<dyn FnMut() -> String + Send>;

/// An element that is being put together.
pub struct El {
    tag: &'static str,
    attributes: Vec<AnyAttribute>,
    children: Vec<AnyView>,
}

/// An element with its classes.
pub fn el(tag: &'static str, class: &'static str) -> El {
    let element = El { tag, attributes: Vec::new(), children: Vec::new() };
    if class.is_empty() { element } else { element.set("class", class) }
}

/// A button; `testid` is what tests find it by.
pub fn button(testid: &'static str, label: Words, mut press: impl FnMut() + 'static) -> El {
    el("button", "").set("type", "button").set("data-testid", testid).text(label).on("click", move |_| press())
}

/// A choice of a list.
pub fn option(value: &str, name: Words, chosen: impl Fn() -> bool + Send + 'static) -> El {
    el("option", "").set("value", value).text(name).flag("selected", chosen)
}

/// An effect. All of them are of one type too.
pub fn effect(run: impl Fn() + 'static) {
    let run: Box<dyn Fn()> = Box::new(run);
    Effect::new(move |_| run());
}

/// A signal made of others, whose type tells no more than that of its value.
pub fn derive<T: Send + Sync + 'static>(value: impl Fn() -> T + Send + Sync + 'static) -> Signal<T> {
    let value: Box<dyn Fn() -> T + Send + Sync> = Box::new(value);
    Signal::derive(value)
}

// The parts that are the same for all are kept out of line, once each.
impl El {
    #[inline(never)]
    fn add(mut self, attribute: AnyAttribute) -> Self {
        self.attributes.push(attribute);
        self
    }

    #[inline(never)]
    fn add_view(mut self, child: AnyView) -> Self {
        self.children.push(child);
        self
    }

    #[inline(never)]
    fn set_text(self, name: &'static str, value: String) -> Self {
        self.add(custom_attribute(name, value).into_any_attr())
    }

    #[inline(never)]
    fn follow(self, name: &'static str, value: Follow) -> Self {
        self.add(custom_attribute(name, value).into_any_attr())
    }

    #[inline(never)]
    fn follow_property(self, name: &'static str, value: Follow) -> Self {
        self.add(prop(name, value).into_any_attr())
    }

    #[inline(never)]
    fn listen(self, event: &'static str, handler: Box<dyn FnMut(Event)>) -> Self {
        self.add(on(ev::Custom::<Event>::new(event), handler).into_any_attr())
    }

    /// An attribute that stays.
    pub fn set(self, name: &'static str, value: impl ToString) -> Self {
        self.set_text(name, value.to_string())
    }

    /// An attribute that follows.
    pub fn live<S: Into<String>>(self, name: &'static str, value: impl Fn() -> S + Send + 'static) -> Self {
        self.follow(name, Box::new(move || value().into()))
    }

    /// A property that follows: what a person can change too, as the value of an input.
    pub fn prop<S: Into<String>>(self, name: &'static str, value: impl Fn() -> S + Send + 'static) -> Self {
        self.follow_property(name, Box::new(move || value().into()))
    }

    /// A property that is true or false.
    pub fn flag(self, name: &'static str, value: impl Fn() -> bool + Send + 'static) -> Self {
        // The browser takes an empty text for false and any other for true.
        self.prop(name, move || if value() { "true" } else { "" })
    }

    /// Both the name for those who do not see it and, where it has room, the hint of a pointer.
    pub fn label(self, label: Words) -> Self {
        self.live("aria-label", move || label())
    }

    pub fn on(self, event: &'static str, handler: impl FnMut(Event) + 'static) -> Self {
        self.listen(event, Box::new(handler))
    }

    pub fn canvas(self, node: NodeRef<html::Canvas>) -> Self {
        self.add(node_ref(node).into_any_attr())
    }

    /// A text that follows.
    #[inline(never)]
    pub fn text(self, text: Words) -> Self {
        let text: Follow = Box::new(move || text());
        self.add_view(text.into_any())
    }

    /// A text that stays.
    pub fn say(self, text: impl ToString) -> Self {
        self.add_view(text.to_string().into_any())
    }

    pub fn children(mut self, children: impl IntoIterator<Item = El>) -> Self {
        for child in children {
            self = self.add_view(child.view());
        }
        self
    }

    /// Children that are made anew whenever what they are made of changes.
    pub fn each(self, children: impl Fn() -> Vec<El> + Send + 'static) -> Self {
        self.each_of(Box::new(children))
    }

    #[inline(never)]
    fn each_of(self, children: Box<dyn Fn() -> Vec<El> + Send>) -> Self {
        let children: Box<dyn FnMut() -> Vec<AnyView> + Send> =
            Box::new(move || children().into_iter().map(El::view).collect());
        self.add_view(children.into_any())
    }

    #[inline(never)]
    pub fn view(self) -> AnyView {
        custom(self.tag).child(self.children).add_any_attr(self.attributes).into_any()
    }
}

/// What the person put into the input that `event` is of.
pub fn value_of(event: &Event) -> String {
    event_target_value(event)
}

/// Sets the focus to the element with this id.
pub fn focus(id: &str) {
    if let Some(element) = gloo::utils::document().get_element_by_id(id) {
        // Where the focus cannot follow, Tab still leads there.
        let _ = element.unchecked_into::<HtmlElement>().focus();
    }
}

/// The event as what it is.
pub fn cast<T: JsCast>(event: Event) -> T {
    event.unchecked_into()
}
