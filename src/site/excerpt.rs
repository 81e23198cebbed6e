//! Items of the Rust source, by name: what a chapter shows is the code that runs.

use super::problem::Mistake;
use super::tokens::{Kind, Token, tokens};

/// The item `name` of a file's text, from its comment to its end, dedented: a fn, struct, enum, trait, type, const, static or
/// impl of that name, or, with `Type::name`, the one inside an impl of that type or inside that trait.
///
/// # Errors
/// Where the file has no such item, or more than one.
pub fn excerpt(file: &str, source: &str, name: &str) -> Result<String, Mistake> {
    let tokens = tokens(source);
    let code: Vec<Token> =
        tokens.into_iter().filter(|token| !matches!(token.kind, Kind::Space | Kind::Comment)).collect();
    let found = match name.split_once("::") {
        Some((container, item)) => {
            let inside = blocks(&code, container).into_iter().flat_map(|(from, to)| find(&code[from..to], item));
            inside.collect()
        }
        None => {
            let items = find(&code, name);
            if items.is_empty() {
                blocks(&code, name).into_iter().map(|(from, to)| span(&code[from..=to])).collect()
            } else {
                items
            }
        }
    };
    match found[..] {
        [(start, end)] => Ok(dedent(with_comment(source, start), &source[..end])),
        [] => Err(Mistake::NoItem { file: file.to_owned(), item: name.to_owned() }),
        _ => Err(Mistake::TwoItems { file: file.to_owned(), item: name.to_owned() }),
    }
}

/// The items called `name` among tokens, as ranges of the source's bytes.
fn find(code: &[Token], name: &str) -> Vec<(usize, usize)> {
    let named = (1..code.len()).filter(|&at| code[at].text == name && code[at].kind == Kind::Name);
    named
        .filter_map(|at| match code[at - 1].text {
            "fn" | "struct" | "enum" | "trait" => Some((at - 1, at + end(&code[at..], true))),
            "const" | "static" | "type" => Some((at - 1, at + end(&code[at..], false))),
            _ => None,
        })
        .map(|(from, to)| span(&code[from..=to]))
        .collect()
}

/// The impls of a type called `name`, and the traits, as ranges of tokens.
fn blocks(code: &[Token], name: &str) -> Vec<(usize, usize)> {
    let starts = (0..code.len()).filter(|&at| {
        let header: Vec<&str> = code[at..].iter().map(|token| token.text).take_while(|text| *text != "{").collect();
        match code[at].text {
            // `impl Trait for Type`: what is after `for` counts, where it is no `for<'a>`.
            "impl"
                if code[at].kind == Kind::Keyword
                    && (at == 0 || matches!(code[at - 1].text, "}" | ";" | "]" | "unsafe")) =>
            {
                let after_for = header.windows(2).position(|pair| pair[0] == "for" && pair[1] != "<");
                let of = after_for.map_or(1, |position| position + 1);
                let generics = if of == 1 { generics(&header[1..]) } else { 0 };
                header.get(of + generics) == Some(&name)
            }
            "trait" => header.get(1) == Some(&name),
            _ => false,
        }
    });
    starts.map(|at| (at, at + end(&code[at..], true))).collect()
}

/// How many tokens the generics take that these begin with.
fn generics(texts: &[&str]) -> usize {
    let mut depth = 0;
    for (at, text) in texts.iter().enumerate() {
        match *text {
            "<" => depth += 1,
            ">" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return if at == 0 { 0 } else { at + 1 };
        }
    }
    0
}

/// The index of an item's last token: a `;`, or, where a body ends it, the brace that closes the first.
fn end(code: &[Token], body_ends: bool) -> usize {
    let mut depth = 0;
    for (at, token) in code.iter().enumerate() {
        match token.text {
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => depth -= 1,
            _ => {}
        }
        if depth == 0 && (token.text == ";" || (body_ends && token.text == "}")) {
            return at;
        }
    }
    code.len() - 1
}

fn span(code: &[Token]) -> (usize, usize) {
    let last = code[code.len() - 1];
    (code[0].start, last.start + last.text.len())
}

/// Where the lines begin that belong to the item at `start`: its own, its attributes, its comment.
fn with_comment(source: &str, start: usize) -> usize {
    let mut start = source[..start].rfind('\n').map_or(0, |at| at + 1);
    while let Some(above) = source[..start].strip_suffix('\n') {
        let line_start = above.rfind('\n').map_or(0, |at| at + 1);
        let line = above[line_start..].trim_start();
        if !(line.starts_with("//") && !line.starts_with("//!") || line.starts_with("#[")) {
            break;
        }
        start = line_start;
    }
    start
}

fn dedent(start: usize, until_end: &str) -> String {
    let lines = &until_end[start..];
    let indent = lines.len() - lines.trim_start().len();
    let dedented: Vec<&str> = lines.lines().map(|line| line.get(indent..).unwrap_or_default()).collect();
    dedented.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "\
//! A file.

/// So many.
const MANY: [usize; 2] = [
    1, 2];

/// A pair {.
#[derive(Clone)]
pub struct Pair(u32, u32);

impl<T: Into<u32>> Pair {
    /// Its sum.
    pub fn sum(&self) -> u32 {
        if true { self.0 } else { 0 }
    }
}

impl Sum for Pair {
    fn add(self) -> impl Display {
        // A }.
        \"}\"
    }

    fn other(&self) {}
}

trait Sum {
    /// Adds.
    fn add(self) -> impl Display;
}
";

    #[test]
    fn an_item_comes_with_its_comment_and_ends_where_it_ends() {
        let of = |name: &str| excerpt("a.rs", SOURCE, name).unwrap();
        assert_eq!(of("MANY"), "/// So many.\nconst MANY: [usize; 2] = [\n    1, 2];");
        assert_eq!(of("Pair"), "/// A pair {.\n#[derive(Clone)]\npub struct Pair(u32, u32);");
        let sum = "/// Its sum.\npub fn sum(&self) -> u32 {\n    if true { self.0 } else { 0 }\n}";
        assert_eq!([of("sum"), of("Pair::sum")], [sum, sum]);
        assert_eq!(of("Pair::add"), "fn add(self) -> impl Display {\n    // A }.\n    \"}\"\n}");
        assert_eq!(of("Sum::add"), "/// Adds.\nfn add(self) -> impl Display;");
        assert!(of("Sum").starts_with("trait Sum {") && of("Sum").ends_with("Display;\n}"));
    }

    #[test]
    fn no_item_and_two_are_refused() {
        let of = |name: &str| excerpt("a.rs", SOURCE, name).unwrap_err();
        assert!(matches!(of("product"), Mistake::NoItem { .. }));
        assert!(matches!(of("Pair::product"), Mistake::NoItem { .. }));
        assert!(matches!(of("add"), Mistake::TwoItems { .. }));
    }
}
