//! Blocks of code: those of the source come from the source.

use std::path::Path;

use super::excerpt::excerpt;
use super::math::{escaped, escaped_body};
use super::problem::Mistake;
use super::tokens::{Kind, tokens};

/// The HTML of a block with this info string and this text. `rust <file> <item>` is that item of the repository at `root`.
///
/// # Errors
/// Where the source has no such file or item, or the block that takes its code from there has a text.
pub fn block(root: &Path, info: &str, text: &str) -> Result<String, Mistake> {
    let words: Vec<&str> = info.split_whitespace().collect();
    match words[..] {
        ["rust", file, item] => {
            if !text.trim().is_empty() {
                return Err(Mistake::CodeNotEmpty);
            }
            let path = root.join(file);
            let source = std::fs::read_to_string(path).map_err(|_| Mistake::NoSource(file.to_owned()))?;
            let code = highlighted(&excerpt(file, &source, item)?);
            // A program's words are not the page's language.
            Ok(format!(
                "<figure class=\"code\" lang=\"en\" translate=\"no\"><pre tabindex=\"0\"><code class=\"language-rust\">{code}\
                 </code></pre><figcaption><code>{}</code></figcaption></figure>\n",
                escaped(file)
            ))
        }
        _ => {
            let language = words.first().copied().unwrap_or("text");
            let code = if language == "rust" { highlighted(text) } else { escaped_body(text) };
            let class = escaped(language);
            Ok(format!(
                "<pre tabindex=\"0\" lang=\"en\" translate=\"no\"><code class=\"language-{class}\">{code}</code></pre>\n"
            ))
        }
    }
}

/// Rust with its comments, keywords, literals and numbers marked.
fn highlighted(code: &str) -> String {
    let spans = tokens(code.trim_end()).into_iter().map(|token| {
        let text = escaped_body(token.text);
        let class = match token.kind {
            Kind::Comment => "comment",
            Kind::Keyword => "keyword",
            Kind::Literal => "literal",
            Kind::Number => "number",
            Kind::Space | Kind::Name | Kind::Sign => return text,
        };
        format!("<span class=\"{class}\">{text}</span>")
    });
    spans.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOT: &str = env!("CARGO_MANIFEST_DIR");

    #[test]
    fn code_is_that_of_the_source() {
        let html = block(Path::new(ROOT), "rust src/site/code.rs block", "").unwrap();
        let comment = "<span class=\"comment\">/// The HTML of a block with this info string";
        assert!(
            html.contains(comment)
                && html.contains("<span class=\"keyword\">pub</span> <span class=\"keyword\">fn</span> block"),
            "{html}"
        );
        assert!(html.ends_with("<figcaption><code>src/site/code.rs</code></figcaption></figure>\n"), "{html}");
    }

    #[test]
    fn what_is_not_in_the_source_is_refused() {
        let block = |info, text| block(Path::new(ROOT), info, text).unwrap_err();
        assert!(matches!(block("rust src/site/nothing.rs block", ""), Mistake::NoSource(_)));
        assert!(matches!(block("rust src/site/code.rs nothing", ""), Mistake::NoItem { .. }));
        assert_eq!(block("rust src/site/code.rs block", "fn block() {}"), Mistake::CodeNotEmpty);
    }
}
