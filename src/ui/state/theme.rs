//! Light or dark: the system's choice, or the person's, which is kept. By hand, for leptos-use's `use_color_mode` brings cookies along, and
//! follows the system's choice in the program, where the stylesheet does that by `light-dark()`.

use gloo::storage::{LocalStorage as Store, Storage};
use leptos::prelude::*;

/// Where the choice is kept.
const KEY: &str = "bottleneck.theme";

/// The colours of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    #[default]
    Auto,
    Light,
    Dark,
}

impl Theme {
    pub const ALL: [Theme; 3] = [Theme::Auto, Theme::Light, Theme::Dark];

    pub const fn name(self) -> &'static str {
        match self {
            Theme::Auto => "auto",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    pub fn from_name(name: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.name() == name).unwrap_or_default()
    }
}

/// The theme in use, provided as a context; setting it changes the page and is kept.
pub fn use_theme() -> RwSignal<Theme> {
    let kept = Store::get::<String>(KEY).map(|name| Theme::from_name(&name)).unwrap_or_default();
    let theme = RwSignal::new(kept);
    Effect::new(move || {
        let name = theme.get().name();
        if let Some(root) = document().document_element() {
            // A page without storage or attributes still has the system's theme.
            let _ = root.set_attribute("data-theme", name);
        }
        let _ = Store::set(KEY, name);
    });
    theme
}
