//! HTML as the build writes it: every tag is closed, in order, and no id is there twice.

use std::collections::BTreeSet;

/// Elements without a closing tag (HTML Standard, "Void elements").
const VOID: [&str; 4] = ["br", "hr", "img", "wbr"];

/// What is wrong with the HTML, if anything is.
pub fn check(html: &str) -> Result<(), String> {
    let mut open: Vec<&str> = Vec::new();
    let mut ids = BTreeSet::new();
    for piece in html.split('<').skip(1) {
        if piece.starts_with("!--") {
            continue;
        }
        let (tag, _) = piece.split_once('>').ok_or_else(|| format!("a tag does not end: {piece:.60}"))?;
        if let Some(name) = tag.strip_prefix('/') {
            match open.pop() {
                Some(last) if last == name => continue,
                last => return Err(format!("</{name}> closes {last:?}")),
            }
        }
        let name = tag.split([' ', '/', '\n']).next().unwrap_or_default();
        if name.is_empty() || !name.chars().all(|letter| letter.is_ascii_alphanumeric()) {
            return Err(format!("<{tag}> is no tag"));
        }
        if tag.matches('"').count() % 2 == 1 {
            return Err(format!("<{tag}> has a > or an open quote in an attribute"));
        }
        if let Some((_, id)) = tag.split_once(" id=\"") {
            let id = id.split('"').next().unwrap_or_default();
            if !ids.insert(id) {
                return Err(format!("the id {id} is there twice"));
            }
        }
        if name == "p" && open.contains(&"p") {
            return Err("a <p> in a <p>".to_owned());
        }
        if name == "div" && open.contains(&"p") {
            return Err("a <div> in a <p>".to_owned());
        }
        if !VOID.contains(&name) && !tag.ends_with('/') {
            open.push(name);
        }
    }
    if open.is_empty() { Ok(()) } else { Err(format!("{open:?} are not closed")) }
}

#[test]
fn what_is_not_well_formed_is_seen() {
    assert_eq!(
        check("<p>a <em>b</em><br>&lt; <math alttext=\"x\"><mspace width=\"1em\" /></math></p><!--figure-->"),
        Ok(())
    );
    for bad in [
        "<p>",
        "<p></div>",
        "<p><em></p></em>",
        "<p <em>",
        "a < b",
        "<p><div></div></p>",
        "<h2 id=\"a\"></h2><p id=\"a\"></p>",
    ] {
        assert!(check(bad).is_err(), "{bad}");
    }
}
