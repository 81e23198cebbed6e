//! Elements that are all of one type, whatever they hold. A view whose type spells out everything in it is compiled anew
//! at every place, and the page would be several times as large.

use leptos::attr::any_attribute::{AnyAttribute, IntoAnyAttribute};
use leptos::attr::custom::custom_attribute;
use leptos::ev::{self, on};
use leptos::html::{self, custom};
use leptos::prelude::*;
use leptos::tachys::html::node_ref::node_ref;
use leptos::tachys::html::property::prop;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::Event;

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
pub fn button(testid: &'static str, label: Words, press: impl FnMut() + 'static) -> El {
    let mut press = press;
    el("button", "").set("type", "button").set("data-testid", testid).text(label).on("click", move |_| press())
}

/// A choice of a list.
pub fn option(value: &str, name: Words, chosen: impl Fn() -> bool + Send + 'static) -> El {
    el("option", "").set("value", value).text(name).flag("selected", chosen)
}

impl El {
    fn add(mut self, attribute: impl IntoAnyAttribute) -> Self {
        self.attributes.push(attribute.into_any_attr());
        self
    }

    /// An attribute that stays.
    pub fn set(self, name: &'static str, value: impl ToString) -> Self {
        self.add(custom_attribute(name, value.to_string()))
    }

    /// An attribute that follows.
    pub fn live<S: Into<String>>(self, name: &'static str, value: impl Fn() -> S + Send + 'static) -> Self {
        let value: Follow = Box::new(move || value().into());
        self.add(custom_attribute(name, value))
    }

    /// A property that follows: what a person can change too, as the value of an input.
    pub fn prop<S: Into<String>>(self, name: &'static str, value: impl Fn() -> S + Send + 'static) -> Self {
        let value: Follow = Box::new(move || value().into());
        self.add(prop(name, value))
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
        let handler: Box<dyn FnMut(Event)> = Box::new(handler);
        self.add(on(ev::Custom::<Event>::new(event), handler))
    }

    pub fn canvas(self, node: NodeRef<html::Canvas>) -> Self {
        self.add(node_ref(node))
    }

    /// A text that follows.
    pub fn text(mut self, text: Words) -> Self {
        let text: Follow = Box::new(move || text());
        self.children.push(text.into_any());
        self
    }

    /// A text that stays.
    pub fn say(mut self, text: impl ToString) -> Self {
        self.children.push(text.to_string().into_any());
        self
    }

    pub fn child(mut self, child: impl IntoView) -> Self {
        self.children.push(child.into_view().into_any());
        self
    }

    pub fn children(mut self, children: impl IntoIterator<Item = El>) -> Self {
        self.children.extend(children.into_iter().map(El::view));
        self
    }

    /// Children that are made anew whenever what they are made of changes.
    pub fn each(mut self, children: impl Fn() -> Vec<El> + Send + 'static) -> Self {
        let children: Box<dyn FnMut() -> Vec<AnyView> + Send> =
            Box::new(move || children().into_iter().map(El::view).collect());
        self.children.push(children.into_any());
        self
    }

    pub fn view(self) -> AnyView {
        custom(self.tag).child(self.children).add_any_attr(self.attributes).into_any()
    }
}

/// What the person put into the input that `event` is of.
pub fn value_of(event: &Event) -> String {
    event_target_value(event)
}

/// The event as what it is.
pub fn cast<T: JsCast>(event: Event) -> T {
    event.unchecked_into()
}
