//! The whole of it, from the source's folder into the site's.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::cards::Cards;
use super::chapter::{self, Chapter as Text, UNMEASURED};
use super::files::{SERVICE_WORKER, seal};
use super::problem::{Mistake, Problem};
use super::programs;
use crate::ui::state::route::Chapter;

/// Finishes the site of the repository at `root` in the folder `site`.
///
/// # Errors
/// All that is wrong with the texts, or the file that cannot be read or written.
pub fn finish(root: &Path, site: &Path) -> Result<(), Vec<Problem>> {
    for (language, chapters) in chapters(root)? {
        let (from, to) = (root.join("www/content").join(&language), site.join("content").join(&language));
        let names = "models.json";
        let texts = read(&from.join(names))?;
        write(&to.join(names), &texts)?;
        let unmeasured = serde_json::from_slice::<serde_json::Value>(&texts).ok();
        let unmeasured = unmeasured.as_ref().and_then(|texts| texts["unmeasured"].as_str()).unwrap_or_default();
        for (name, chapter) in chapters {
            write(&to.join(name).with_extension("html"), chapter.html.replace(UNMEASURED, unmeasured).as_bytes())?;
        }
    }
    programs::shrink_all(site).and_then(|()| programs::name_by_hash(site)).map_err(|error| unreadable(site, &error))?;
    let source = root.join("www").join(SERVICE_WORKER);
    let worker = String::from_utf8_lossy(&read(&source)?).into_owned();
    seal(site, &worker).map_err(|error| unreadable(site, &error))
}

/// The chapters by language, each by the name of its file.
///
/// # Errors
/// All that is wrong with them; one that is missing in a language, too.
pub fn chapters(root: &Path) -> Result<BTreeMap<String, BTreeMap<String, Text>>, Vec<Problem>> {
    let mut cards = Cards::of(root);
    let (mut languages, mut problems) = (BTreeMap::new(), Vec::new());
    for language in entries(&root.join("www/content"))? {
        let mut texts = BTreeMap::new();
        for name in entries(&root.join("www/content").join(&language))? {
            let Some(chapter) = name.strip_suffix(".md") else { continue };
            let file = format!("www/content/{language}/{name}");
            if !Chapter::ALL.iter().any(|known| known.file() == chapter) {
                problems.push(Problem::of_file(file, Mistake::UnknownChapter));
                continue;
            }
            let text = String::from_utf8_lossy(&read(&root.join(&file))?).into_owned();
            match chapter::render(root, &file, &text, &mut cards) {
                Ok(text) => drop(texts.insert(chapter.to_owned(), text)),
                Err(found) => problems.extend(found),
            }
        }
        for chapter in Chapter::ALL.map(Chapter::file) {
            let file = format!("www/content/{language}/{chapter}.md");
            if !root.join(&file).is_file() {
                problems.push(Problem::of_file(file, Mistake::Missing));
            }
        }
        languages.insert(language, texts);
    }
    if problems.is_empty() { Ok(languages) } else { Err(problems) }
}

/// The names in a folder, in order.
fn entries(folder: &Path) -> Result<Vec<String>, Vec<Problem>> {
    let names = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let names = names.map_err(|error| unreadable(folder, &error))?;
    let mut names: Vec<String> = names.iter().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| !name.starts_with('.'));
    names.sort();
    Ok(names)
}

fn read(file: &Path) -> Result<Vec<u8>, Vec<Problem>> {
    fs::read(file).map_err(|error| unreadable(file, &error))
}

fn write(file: &Path, bytes: &[u8]) -> Result<(), Vec<Problem>> {
    let folder = file.parent().map_or(Ok(()), fs::create_dir_all);
    folder.and_then(|()| fs::write(file, bytes)).map_err(|error| unreadable(file, &error))
}

fn unreadable(file: &Path, error: &std::io::Error) -> Vec<Problem> {
    vec![Problem::of_file(file.display().to_string(), Mistake::File(error.to_string()))]
}
