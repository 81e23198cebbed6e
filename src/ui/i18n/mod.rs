//! The page's texts: `locales/*.json`, checked at build time.

pub mod language;
pub mod messages;

/// Made by build.rs from locales/*.json; it exports more than the page uses.
#[allow(dead_code, unused_imports, unused_qualifications, clippy::all, reason = "the generator decides")]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/i18n.rs"));
}
pub use generated::i18n::{I18nSubContextProvider, Locale, t_string, use_i18n};

/// The page's language as a context; `t!` and `t_string!` read texts in it.
pub type I18n = leptos_i18n::I18nContext<Locale>;
