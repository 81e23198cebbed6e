//! What a chapter consists of, apart from its words: the same in every language.

/// The parts of a chapter, each in the order in which they come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    pub title: String,
    /// The levels of all headings.
    pub headings: Vec<u8>,
    /// The names of the markers.
    pub markers: Vec<&'static str>,
    /// The addresses of all links, whole.
    pub links: Vec<String>,
    /// The info strings of all blocks of code.
    pub code: Vec<String>,
    /// The figures of cards, as they were written.
    pub figures: Vec<String>,
    /// The TeX of all formulas.
    pub formulas: Vec<String>,
    /// Rows and columns of all tables.
    pub tables: Vec<(usize, usize)>,
    /// Items of numbered lists.
    pub exercises: usize,
    /// Answers that are folded away.
    pub answers: usize,
}

impl Outline {
    /// The links within the page.
    pub fn hash_links(&self) -> impl Iterator<Item = &str> {
        self.links.iter().map(String::as_str).filter(|link| link.starts_with('#'))
    }
}
