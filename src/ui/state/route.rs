//! Hash routes as text: the chapter and its state are in the link, any static host serves them.

/// A chapter of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chapter {
    Denoising,
    Variational,
    Train,
}

impl Chapter {
    pub const ALL: [Chapter; 3] = [Chapter::Denoising, Chapter::Variational, Chapter::Train];

    /// Its name in links, and the id of its section.
    pub const fn name(self) -> &'static str {
        match self {
            Chapter::Denoising => "denoising",
            Chapter::Variational => "variational",
            Chapter::Train => "train",
        }
    }
}

/// A chapter that was gone to, and the state that its link held, spelled as in the link.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Visit {
    pub chapter: Option<Chapter>,
    pub query: String,
}

impl Visit {
    /// Reads `#/variational?z=...`. A chapter that is not known is none.
    pub fn parse(hash: &str) -> Self {
        let (path, query) = hash.split_once('?').unwrap_or((hash, ""));
        let name = path.trim_matches(['#', '/']);
        let chapter = Chapter::ALL.into_iter().find(|chapter| chapter.name() == name);
        Self { chapter, query: query.to_string() }
    }

    /// The link's hash.
    pub fn to_hash(&self) -> String {
        let name = self.chapter.map_or("", Chapter::name);
        let mark = if self.query.is_empty() { "" } else { "?" };
        format!("#/{name}{mark}{}", self.query)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_holds_the_chapter_and_its_state() {
        for hash in ["#/denoising", "#/variational?z=0%2C1", "#/train?model=vae", "#/"] {
            assert_eq!(Visit::parse(hash).to_hash(), hash);
        }
        let visit = Visit::parse("#/train?model=vae");
        assert_eq!(visit, Visit { chapter: Some(Chapter::Train), query: "model=vae".to_string() });
        assert_eq!(Visit::parse(""), Visit::default());
        assert_eq!(Visit::parse("#draw").chapter, None);
    }
}
