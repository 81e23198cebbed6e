//! TeX to MathML, which browsers show and read aloud by themselves.

use pulldown_cmark_escape::{escape_html, escape_html_body_text};
use pulldown_latex::config::{DisplayMode, RenderConfig};
use pulldown_latex::{Parser, Storage, push_mathml};

use super::problem::Mistake;

/// The formula as a `<math>` element that has its TeX as an annotation and as its alternative text.
///
/// # Errors
/// Where the TeX does not parse.
pub fn mathml(tex: &str, display: bool) -> Result<String, Mistake> {
    let tex = tex.trim();
    let storage = Storage::new();
    // A formula that does not parse would be rendered with its error inside.
    if let Some(error) = Parser::new(tex, &storage).find_map(Result::err) {
        // Below the sentence it draws the place.
        let reason = error.to_string().split('╭').next().unwrap_or_default().trim().to_owned();
        return Err(Mistake::Tex { tex: tex.to_owned(), reason });
    }
    let escaped = escaped(tex);
    let display_mode = if display { DisplayMode::Block } else { DisplayMode::Inline };
    let config = RenderConfig { display_mode, annotation: Some(&escaped), ..RenderConfig::default() };
    let mut math = String::new();
    let rendered = push_mathml(&mut math, Parser::new(tex, &storage), config);
    rendered.map_err(|error| Mistake::Tex { tex: tex.to_owned(), reason: error.to_string() })?;
    // The renderer writes mu as the sign for micro, which browsers do not slant.
    // And it escapes the entity that it writes for "\ ".
    let math = math.replace('\u{b5}', "\u{3bc}").replace("&amp;nbsp;", "\u{a0}");
    let math = with_accents(math);
    Ok(math.replacen("<math", &format!("<math alttext=\"{escaped}\""), 1))
}

/// Hats and tildes as accents, which lie on their letters: the renderer writes them as what stands over a limit.
fn with_accents(mut math: String) -> String {
    for (written, accent) in [("<mi>^</mi></mover>", '\u{2c6}'), ("<mi>~</mi></mover>", '\u{2dc}')] {
        while let Some(end) = math.find(written) {
            math.replace_range(end..end + written.len(), &format!("<mo stretchy=\"false\">{accent}</mo></mover>"));
            if let Some(start) = math[..end].rfind("<mover>") {
                math.replace_range(start..start + "<mover>".len(), "<mover accent=\"true\">");
            }
        }
    }
    math
}

/// A formula on lines of its own, in pieces that a narrow page puts below one another: it may break at `\quad`, `\qquad` and, within an
/// equation, at `\allowbreak`.
///
/// # Errors
/// Where the TeX of a piece does not parse.
pub fn display(tex: &str) -> Result<String, Mistake> {
    let mut html = String::new();
    for (piece, is_continued) in pieces(tex) {
        // An operator with nothing before it would be a sign.
        let (tex, class) = if is_continued { (format!("{{}} {piece}"), " class=\"continued\"") } else { (piece, "") };
        html += &mathml(&tex, true)?.replacen("<math", &format!("<math{class}"), 1);
    }
    Ok(html)
}

/// The pieces of a formula, and whether each goes on with the equation of the one before it.
fn pieces(tex: &str) -> Vec<(String, bool)> {
    const BREAKS: [(&str, bool); 3] = [("\\qquad", false), ("\\quad", false), ("\\allowbreak", true)];
    let (mut pieces, mut depth, mut rest) = (vec![(String::new(), false)], 0, tex);
    while let Some(next) = rest.chars().next() {
        let command = BREAKS.into_iter().find(|(command, _)| {
            let after = rest.strip_prefix(command);
            depth == 0 && after.is_some_and(|after| !after.starts_with(|letter: char| letter.is_ascii_alphabetic()))
        });
        if let Some((command, is_continued)) = command {
            pieces.push((String::new(), is_continued));
            rest = &rest[command.len()..];
            continue;
        }
        match next {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        pieces.last_mut().expect("never empty").0.push(next);
        rest = &rest[next.len_utf8()..];
    }
    pieces.into_iter().map(|(tex, is_continued)| (tex.trim().to_owned(), is_continued)).collect()
}

/// Where `html` is a formula and the text after it begins with a mark: both in one piece, which browsers do not break, as they would
/// break between them, and the rest of the text.
pub fn with_mark<'a>(html: &str, text: &'a str) -> Option<(String, &'a str)> {
    let mark = text.chars().next().filter(|mark| ",.;:)?!，。；：、）？！".contains(*mark))?;
    let joined = html.ends_with("</math>").then(|| format!("<span class=\"unbroken\">{html}{mark}</span>"))?;
    Some((joined, &text[mark.len_utf8()..]))
}

/// The text for HTML, attributes too.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    // Writing to a string does not fail.
    let _ = escape_html(&mut escaped, text);
    escaped
}

/// The text for HTML between tags, where quotes are themselves.
pub fn escaped_body(text: &str) -> String {
    let mut escaped = String::new();
    // Writing to a string does not fail.
    let _ = escape_html_body_text(&mut escaped, text);
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_is_broken_where_it_says_so() {
        let found = pieces(r"a = {b \quad c} \qquad d \allowbreak + e \quadratic");
        let expected = [(r"a = {b \quad c}", false), ("d", false), (r"+ e \quadratic", true)];
        assert_eq!(found, expected.map(|(tex, is_continued)| (tex.to_owned(), is_continued)));
        let html = display(r"a \allowbreak + b").unwrap();
        assert_eq!(html.matches("<math").count(), 2);
        assert!(html.contains(r#"<math class="continued""#), "{html}");
    }

    #[test]
    fn a_formula_has_its_tex_as_its_text() {
        let math = mathml(r"\sum_{i} x_i < \frac{1}{2}", true).unwrap();
        assert!(math.starts_with(r#"<math alttext="\sum_{i} x_i &lt; \frac{1}{2}" display="block">"#), "{math}");
        assert!(math.contains("<mfrac>") && math.contains(r#"<annotation encoding="application/x-tex">\sum_{i}"#));
    }

    #[test]
    fn hats_and_tildes_are_accents() {
        let math = mathml(r"\hat{x}_i + \tilde h", false).unwrap();
        assert_eq!(math.matches("<mover accent=\"true\">").count(), 2, "{math}");
        for accent in ['\u{2c6}', '\u{2dc}'] {
            assert!(math.contains(&format!("<mo stretchy=\"false\">{accent}</mo></mover>")), "{math}");
        }
    }

    #[test]
    fn a_mark_does_not_begin_a_line() {
        let math = mathml("h", false).unwrap();
        assert_eq!(with_mark(&math, "，内层"), Some((format!("<span class=\"unbroken\">{math}，</span>"), "内层")));
        assert_eq!(with_mark(&math, ", so"), Some((format!("<span class=\"unbroken\">{math},</span>"), " so")));
        assert_eq!([with_mark(&math, "是"), with_mark(&math, " is"), with_mark("<em>", "，")], [None, None, None]);
    }

    #[test]
    fn a_space_is_a_space() {
        let math = mathml(r"a\ b", true).unwrap();
        assert!(math.contains('\u{a0}') && !math.contains("nbsp"), "{math}");
    }

    #[test]
    fn tex_that_does_not_parse_is_refused() {
        assert!(matches!(mathml(r"\frac{1", false), Err(Mistake::Tex { .. })));
        assert!(matches!(mathml(r"\nosuchcommand", false), Err(Mistake::Tex { .. })));
    }
}
