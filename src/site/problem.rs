//! What is wrong with a text, and where: the build stops with it.

use std::fmt;
use std::ops::Range;

/// Something that a chapter must not have, or must.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Mistake {
    #[error("the chapter begins with one line `# Title`")]
    NoTitle,
    #[error("there is a second title: one `#` is the page's <h1>")]
    SecondTitle,
    #[error("below the title comes the chapter's idea, one paragraph, then the figure")]
    NoLead,
    #[error("a heading of level {0} here leaves out a level, or is too deep: sections have `##`, their parts `###`")]
    HeadingLevel(u8),
    #[error("<!-- {0} --> is there twice")]
    MarkerTwice(&'static str),
    #[error("<!-- figure --> comes right after the idea, before the first section and before <!-- train -->")]
    FigureTooLate,
    #[error("<!-- {0} --> is neither <!-- figure --> nor <!-- train -->: the page would not see it")]
    UnknownMarker(String),
    #[error("the TeX `{tex}` does not parse: {reason}")]
    Tex { tex: String, reason: String },
    #[error(
        "a $ that begins or ends no formula: no space may follow the first one or precede the second; `\\$` is a dollar"
    )]
    LoneDollar,
    #[error("`**` that makes nothing bold: next to Chinese punctuation it needs its spaces or other places")]
    LoneAsterisks,
    #[error("`{{{{{0}}}}}` is no figure of a card: write `{{{{model.metric:decimals}}}}`")]
    Placeholder(String),
    #[error(
        "`{{{{{0}}}}}` is nothing that the page measures: it is {{{{live.<name>}}}} or {{{{live.<name>:<number of the exercise's link>}}}}, \
        the name one of those in src/ui/state/results.rs, a part of a loss one of those in www/content/en/models.json; a run's has the number of \
        a link that sets one up"
    )]
    Live(String),
    #[error("www/models/{0}.json is not there or is no card")]
    NoCard(String),
    #[error("www/models/{card}.json has no number {name}; it has {known}")]
    NoMetric { card: String, name: String, known: String },
    #[error("{name} of www/models/{card}.json is {value}: say with how many decimals, as in `{{{{{card}.{name}:2}}}}`")]
    NoDecimals { card: String, name: String, value: f64 },
    #[error("a block `rust <file> <item>` is empty: the code comes from the source")]
    CodeNotEmpty,
    #[error("the source has no file {0}")]
    NoSource(String),
    #[error("{file} has no fn, struct, enum, trait, impl, type or const {item}")]
    NoItem { file: String, item: String },
    #[error("{file} has more than one {item}: say which, as in `Type::function`")]
    TwoItems { file: String, item: String },
    #[error("the chapter is missing in this language")]
    Missing,
    #[error("there is no chapter of this name: src/ui/state/route.rs knows them")]
    UnknownChapter,
    #[error("the file cannot be read or written: {0}")]
    File(String),
}

/// A mistake with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// Relative to the repository.
    pub file: String,
    /// From 1; None where it is about the whole file.
    pub line: Option<usize>,
    pub mistake: Mistake,
}

impl Problem {
    /// About a whole file.
    pub fn of_file(file: impl Into<String>, mistake: Mistake) -> Self {
        Problem { file: file.into(), line: None, mistake }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.mistake)
    }
}

/// Collects what is wrong with one text, so that a writer hears of all of it at once.
pub struct Problems<'a> {
    file: &'a str,
    text: &'a str,
    found: Vec<Problem>,
}

impl<'a> Problems<'a> {
    pub fn new(file: &'a str, text: &'a str) -> Self {
        Problems { file, text, found: Vec::new() }
    }

    /// Notes a mistake in this range of the text's bytes.
    pub fn note(&mut self, range: &Range<usize>, mistake: Mistake) {
        let line = 1 + self.text[..range.start.min(self.text.len())].matches('\n').count();
        self.found.push(Problem { file: self.file.to_owned(), line: Some(line), mistake });
    }

    /// # Errors
    /// What was noted, if anything was.
    pub fn none_or<T>(self, value: T) -> Result<T, Vec<Problem>> {
        if self.found.is_empty() { Ok(value) } else { Err(self.found) }
    }
}
