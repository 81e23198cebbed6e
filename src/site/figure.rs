//! What the figures share that are made when the site is built: the files and words they read, and a plot as HTML.

use std::path::Path;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::math::escaped;
use super::problem::Mistake;
use crate::ui::charts::layout::plot::PlotLayout;

/// The JSON of `file`, relative to the repository at `root`.
///
/// # Errors
/// Where it cannot be read or is something else.
pub fn read<T: DeserializeOwned>(root: &Path, file: &str) -> Result<T, Mistake> {
    let text = std::fs::read(root.join(file)).map_err(|error| Mistake::File(format!("{file}: {error}")))?;
    serde_json::from_slice(&text).map_err(|error| Mistake::File(format!("{file}: {error}")))
}

/// The words of `models.json` in one language.
pub struct Words<'a> {
    language: &'a str,
    words: Value,
}

impl<'a> Words<'a> {
    /// Those of the content's folder `language`.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn of(root: &Path, language: &'a str) -> Result<Self, Mistake> {
        Ok(Words { language, words: read(root, &format!("www/content/{language}/models.json"))? })
    }

    /// The text at a JSON pointer, for HTML.
    ///
    /// # Errors
    /// Where it is missing.
    pub fn text(&self, pointer: &str) -> Result<String, Mistake> {
        let text = self.words.pointer(pointer).and_then(Value::as_str).map(escaped);
        text.ok_or_else(|| Mistake::Placeholder(format!("{}: {pointer}", self.language)))
    }
}

/// A plot, named `title` for those who do not see it: its numbers stand in a table beside it.
pub fn plot(title: &str, layout: PlotLayout) -> String {
    let PlotLayout { grid, curves, x_labels, y_labels } = layout;
    let curves: String =
        curves.into_iter().map(|(class, path)| format!("<path class=\"curve {class}\" d=\"{path}\"/>")).collect();
    let across =
        x_labels.into_iter().map(|(x, text)| format!("<span class=\"tick-x\" style=\"left:{x:.2}%\">{text}</span>"));
    let up =
        y_labels.into_iter().map(|(y, text)| format!("<span class=\"tick-y\" style=\"top:{y:.2}%\">{text}</span>"));
    let labels: String = up.chain(across).collect();
    format!(
        "<div class=\"plot\" role=\"img\" aria-label=\"{title}\"><svg viewBox=\"0 0 100 100\" preserveAspectRatio=\"none\">\
         <path class=\"grid\" d=\"{grid}\"/>{curves}</svg>{labels}</div>"
    )
}
