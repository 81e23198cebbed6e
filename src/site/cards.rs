//! Measured figures, from the models' cards: no text holds one that was typed by hand.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::problem::{Mistake, Problems};

/// How placeholders begin that are not a card's.
pub const LIVE: &str = "live.";

/// The cards below `www/models`, each read once.
pub struct Cards {
    folder: PathBuf,
    read: BTreeMap<String, Option<Map<String, Value>>>,
}

impl Cards {
    /// Those of the repository at `root`.
    pub fn of(root: &Path) -> Self {
        Cards { folder: root.join("www/models"), read: BTreeMap::new() }
    }

    /// `text` with every `{{model.metric:decimals}}` replaced, and all that were; `:1%` makes a share a percentage.
    pub fn fill(&mut self, text: &str, problems: &mut Problems) -> (String, Vec<String>) {
        let (mut filled, mut names) = (String::new(), Vec::new());
        let mut done = 0;
        while let Some((start, end, name)) = next_placeholder(text, done) {
            // What the page measures is filled in there.
            if name.starts_with(LIVE) {
                filled += &text[done..end];
                names.push(name.to_owned());
                done = end;
                continue;
            }
            match self.figure(name) {
                Ok(figure) => filled += &format!("{}{figure}", &text[done..start]),
                Err(mistake) => problems.note(&(start..end), mistake),
            }
            names.push(name.to_owned());
            done = end;
        }
        (filled + &text[done..], names)
    }

    /// What `model.metric:decimals` stands for.
    fn figure(&mut self, placeholder: &str) -> Result<String, Mistake> {
        let unreadable = || Mistake::Placeholder(placeholder.to_owned());
        let (number, is_share) = placeholder.strip_suffix('%').map_or((placeholder, false), |share| (share, true));
        let (figure, decimals) = match number.split_once(':') {
            Some((figure, decimals)) => (figure, Some(decimals.parse::<usize>().map_err(|_| unreadable())?)),
            None => (number, None),
        };
        let (card, name) = figure.split_once('.').ok_or_else(unreadable)?;
        let value = self.number(card, name)?;
        match decimals {
            Some(decimals) if is_share => Ok(format!("{:.decimals$} %", 100.0 * value)),
            Some(decimals) => Ok(format!("{value:.decimals$}")),
            None if value.fract() == 0.0 => Ok(grouped(value as u64)),
            None => Err(Mistake::NoDecimals { card: card.to_owned(), name: name.to_owned(), value }),
        }
    }

    fn number(&mut self, card: &str, name: &str) -> Result<f64, Mistake> {
        let file = self.folder.join(card).with_extension("json");
        let fields = self.read.entry(card.to_owned()).or_insert_with(|| {
            let text = std::fs::read(file).ok()?;
            serde_json::from_slice(&text).ok()
        });
        let fields = fields.as_ref().ok_or_else(|| Mistake::NoCard(card.to_owned()))?;
        let none = Map::new();
        let [metrics, config] =
            ["metrics", "config"].map(|part| fields.get(part).and_then(Value::as_object).unwrap_or(&none));
        let found = metrics.get(name).or_else(|| config.get(name)).or_else(|| fields.get(name));
        found.and_then(Value::as_f64).ok_or_else(|| {
            let known = metrics
                .iter()
                .chain(config)
                .chain(fields)
                .filter(|(_, value)| value.is_number())
                .map(|(name, _)| &**name);
            let known = known.collect::<Vec<_>>().join(", ");
            Mistake::NoMetric { card: card.to_owned(), name: name.to_owned(), known }
        })
    }
}

/// The next `{{...}}` from `done` on that is a placeholder, and not the double braces of TeX or of code: all its letters may be
/// in one, and it has a dot.
fn next_placeholder(text: &str, mut done: usize) -> Option<(usize, usize, &str)> {
    loop {
        let start = done + text[done..].find("{{")?;
        let inner = &text[start + 2..];
        let length = inner.find(|letter: char| !(letter.is_ascii_alphanumeric() || "_.:%".contains(letter)))?;
        if inner[length..].starts_with("}}") && inner[..length].contains('.') {
            return Some((start, start + length + 4, &inner[..length]));
        }
        done = start + 2;
    }
}

/// A count with commas: 1,316,824.
fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(text: &str) -> Result<String, String> {
        let mut problems = Problems::new("a.md", text);
        let (filled, _) = Cards::of(Path::new(env!("CARGO_MANIFEST_DIR"))).fill(text, &mut problems);
        problems.none_or(filled).map_err(|problems| problems[0].to_string())
    }

    #[test]
    fn a_figure_is_that_of_its_card() {
        let filled = fill(r"{{vae.parameters}} numbers, {{vae.codes:0}}, $\frac{{a}}{2}$").unwrap_err();
        assert!(
            filled.starts_with("a.md:1: www/models/vae.json has no number codes; it has cross_entropy"),
            "{filled}"
        );
        assert_eq!(fill("{{vae.code}}, {{vae.linear_classifier_error:0%}}").unwrap(), "20, 16 %");
        let filled = fill(r"{{vae.parameters}} numbers, $\frac{{a}}{2}$, {{vae.pca_squared_error:3}}").unwrap();
        assert_eq!(filled, r"1,316,824 numbers, $\frac{{a}}{2}$, 0.022");
        assert_eq!([0, 999, 1_000, 281_734].map(grouped), ["0", "999", "1,000", "281,734"]);
    }

    #[test]
    fn what_no_card_has_is_refused() {
        for text in
            ["\n{{nobody.loss:1}}", "\n{{vae.beauty:1}}", "\n{{vae.loss}}", "\n{{vae.loss:x}}", "\n{{vae.loss%}}"]
        {
            assert!(fill(text).unwrap_err().starts_with("a.md:2: "), "{text}");
        }
    }
}
