//! What the page measures, in texts: `{{live.error:1}}` is the error with the first link of the exercise.

use std::path::Path;

use serde_json::Value;

use super::cards::LIVE;
use super::problem::Mistake;
use crate::ui::state::results::{OF_FIGURES, OF_RUNS, key as results_key};

/// `text` in pieces: text as it is, and the HTML of what is measured with one of `links`; None where it has no such placeholder. The parts of
/// losses are those that the repository at `root` names.
pub fn pieces(root: &Path, text: &str, links: &[String]) -> Option<Result<Vec<Piece>, Mistake>> {
    let mark = format!("{{{{{LIVE}");
    text.contains(&mark).then(|| {
        let mut parts = text.split(&mark);
        let mut pieces = vec![Piece::Text(parts.next().unwrap_or_default().to_owned())];
        for part in parts {
            let (name, rest) = part.split_once("}}").ok_or_else(|| Mistake::Placeholder(part.to_owned()))?;
            pieces.push(Piece::Html(element(root, name, links).ok_or_else(|| Mistake::Live(format!("{LIVE}{name}")))?));
            pieces.push(Piece::Text(rest.to_owned()));
        }
        Ok(pieces)
    })
}

pub enum Piece {
    Text(String),
    Html(String),
}

/// Where the page fills in `name`, or `name:number`.
fn element(root: &Path, written: &str, links: &[String]) -> Option<String> {
    let (name, link) = match written.split_once(':') {
        Some((name, number)) => (name, links.get(number.parse::<usize>().ok()?.checked_sub(1)?)?.as_str()),
        None => (written, ""),
    };
    let (whole, part) = name.split_once('.').map_or((name, None), |(whole, part)| (whole, Some(part)));
    let is_known = match part {
        None if OF_FIGURES.contains(&name) => link.is_empty() || link.contains("digit="),
        _ => OF_RUNS.contains(&whole) && part.is_none_or(|part| is_part_of_a_loss(root, part)) && sets_up_a_run(link),
    };
    let key = results_key(name, link).replace('&', "&amp;");
    is_known.then(|| format!("<output class=\"live\" data-live=\"{key}\">–</output>"))
}

fn sets_up_a_run(link: &str) -> bool {
    ["set=", "preset="].iter().any(|name| link.contains(name))
}

/// Whether the languages have a name for this part of a loss; they have one for each.
fn is_part_of_a_loss(root: &Path, part: &str) -> bool {
    let texts = std::fs::read(root.join("www/content/en/models.json"));
    let texts = texts.ok().and_then(|texts| serde_json::from_slice::<Value>(&texts).ok());
    texts.is_some_and(|texts| texts["losses"].get(part).is_some())
}
