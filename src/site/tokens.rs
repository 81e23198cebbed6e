//! The tokens of Rust: enough to find an item's end and to tell comments from code.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Space,
    Comment,
    Keyword,
    /// A name, or a lifetime.
    Name,
    Number,
    /// A string or a character.
    Literal,
    /// One character of any other kind.
    Sign,
}

/// A piece of source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    pub kind: Kind,
    pub text: &'a str,
    /// Where it begins, in bytes.
    pub start: usize,
}

/// The strict keywords (the Rust Reference, "Keywords").
const KEYWORDS: [&str; 38] = [
    "as", "async", "await", "break", "const", "continue", "crate", "dyn", "else", "enum", "extern", "false", "fn",
    "for", "if", "impl", "in", "let", "loop", "match", "mod", "move", "mut", "pub", "ref", "return", "self", "Self",
    "static", "struct", "super", "trait", "true", "type", "unsafe", "use", "where", "while",
];

/// Cuts `source` into tokens; together they are all of it.
pub fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut start = 0;
    while start < source.len() {
        let (kind, length) = first(&source[start..]);
        tokens.push(Token { kind, text: &source[start..start + length], start });
        start += length;
    }
    tokens
}

/// The kind and the length of the token that `rest`, which is not empty, begins with.
fn first(rest: &str) -> (Kind, usize) {
    let letter = rest.chars().next().unwrap_or_default();
    let length_while = |wanted: fn(char) -> bool| rest.find(|letter| !wanted(letter)).unwrap_or(rest.len());
    if letter.is_whitespace() {
        return (Kind::Space, length_while(char::is_whitespace));
    }
    if rest.starts_with("//") {
        return (Kind::Comment, rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return (Kind::Comment, block_comment(rest));
    }
    if let Some(length) = string(rest).or_else(|| character(rest)) {
        return (Kind::Literal, length);
    }
    if letter.is_ascii_digit() {
        return (Kind::Number, number(rest));
    }
    if letter == '\'' {
        let name = rest[1..].find(|letter| !is_name(letter)).unwrap_or(rest.len() - 1);
        return (Kind::Name, 1 + name);
    }
    if is_name(letter) {
        let length = length_while(is_name);
        return (if KEYWORDS.contains(&&rest[..length]) { Kind::Keyword } else { Kind::Name }, length);
    }
    (Kind::Sign, letter.len_utf8())
}

fn is_name(letter: char) -> bool {
    letter == '_' || letter.is_alphanumeric()
}

/// Block comments nest.
fn block_comment(rest: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < rest.len() {
        let (step, change) = match &rest[at..] {
            tail if tail.starts_with("/*") => (2, 1),
            tail if tail.starts_with("*/") => (2, -1),
            tail => (tail.chars().next().map_or(1, char::len_utf8), 0),
        };
        at += step;
        depth += change;
        if depth == 0 {
            break;
        }
    }
    at
}

/// `"..."`, `b"..."`, `r"..."`, `r#"..."#` and the like.
fn string(rest: &str) -> Option<usize> {
    let prefix = ["br", "b", "r", "c", ""].into_iter().find(|prefix| {
        let tail = rest.strip_prefix(prefix).map(|tail| tail.trim_start_matches('#'));
        tail.is_some_and(|tail| tail.starts_with('"'))
    })?;
    let tail = &rest[prefix.len()..];
    let hashes = tail.len() - tail.trim_start_matches('#').len();
    let open = prefix.len() + hashes + 1;
    if prefix.ends_with('r') {
        let close = format!("\"{}", "#".repeat(hashes));
        return Some(rest[open..].find(&close).map_or(rest.len(), |at| open + at + close.len()));
    }
    (hashes == 0).then(|| {
        let mut escaped = false;
        let end = rest[open..].find(|letter| {
            let ends = letter == '"' && !escaped;
            escaped = letter == '\\' && !escaped;
            ends
        });
        end.map_or(rest.len(), |at| open + at + 1)
    })
}

/// `'a'` or `'\n'`, but not the lifetime `'a`.
fn character(rest: &str) -> Option<usize> {
    let open = if rest.starts_with("b'") { 2 } else { 1 };
    let tail = rest.strip_prefix("b'").or_else(|| rest.strip_prefix('\''))?;
    if let Some(escape) = tail.strip_prefix('\\') {
        let skipped = escape.chars().next()?.len_utf8();
        return Some(open + 1 + skipped + escape[skipped..].find('\'')? + 1);
    }
    let letter = tail.chars().next()?.len_utf8();
    tail[letter..].starts_with('\'').then_some(open + letter + 1)
}

/// `1_000`, `0x1f`, `1.5`, `1e-10`, but not the dots of `0..3` or `1.max(2)`.
fn number(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut at = 1;
    loop {
        match bytes.get(at) {
            Some(letter) if letter.is_ascii_alphanumeric() || *letter == b'_' => at += 1,
            Some(b'.') if is_digit(at + 1) => at += 1,
            Some(b'+' | b'-') if matches!(bytes[at - 1], b'e' | b'E') && is_digit(at + 1) => at += 1,
            _ => return at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_told_apart() {
        let source = "fn f<'a>(x: &'a str) { 'b'; '\\''; r#\"}\"#; 1e-10; 0..3; \"\\\"}\" /* } /* */ */ // }";
        let found = tokens(source);
        assert_eq!(found.iter().map(|token| token.text).collect::<String>(), source);
        let of = |kind| found.iter().filter(|token| token.kind == kind).map(|token| token.text).collect::<Vec<_>>();
        assert_eq!(of(Kind::Keyword), ["fn"]);
        assert_eq!(of(Kind::Literal), ["'b'", "'\\''", "r#\"}\"#", "\"\\\"}\""]);
        assert_eq!(of(Kind::Number), ["1e-10", "0", "3"]);
        assert_eq!(of(Kind::Comment), ["/* } /* */ */", "// }"]);
        assert_eq!(of(Kind::Name), ["f", "'a", "x", "'a", "str"]);
    }
}
