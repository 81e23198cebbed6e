//! Hash routes as text: the chapter and its state are in the link, any static host serves them.

/// The language's name in links.
pub const LANGUAGE: &str = "lang";

/// A chapter of the lesson, each a page of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chapter {
    Start,
    Autoencoder,
    Linear,
    Stacked,
    Tied,
    Layerwise,
    Denoising,
    Convolutional,
    Sparse,
    Contractive,
    WinnerTakeAll,
    Variational,
    Adversarial,
    Gsn,
    Pretraining,
    /// Looking inside any model.
    Inside,
    /// All models side by side.
    Compare,
    /// The laboratory: any model trained.
    Train,
    About,
}

impl Chapter {
    /// In the order in which they are read.
    pub const ALL: [Chapter; 19] = [
        Chapter::Start,
        Chapter::Autoencoder,
        Chapter::Linear,
        Chapter::Stacked,
        Chapter::Tied,
        Chapter::Layerwise,
        Chapter::Denoising,
        Chapter::Convolutional,
        Chapter::Sparse,
        Chapter::Contractive,
        Chapter::WinnerTakeAll,
        Chapter::Variational,
        Chapter::Adversarial,
        Chapter::Gsn,
        Chapter::Pretraining,
        Chapter::Inside,
        Chapter::Compare,
        Chapter::Train,
        Chapter::About,
    ];

    /// Its name in links; the start page has none.
    pub const fn name(self) -> &'static str {
        match self {
            Chapter::Start => "",
            Chapter::Autoencoder => "autoencoder",
            Chapter::Linear => "linear",
            Chapter::Stacked => "stacked",
            Chapter::Tied => "tied",
            Chapter::Layerwise => "layerwise",
            Chapter::Denoising => "denoising",
            Chapter::Convolutional => "convolutional",
            Chapter::Sparse => "sparse",
            Chapter::Contractive => "contractive",
            Chapter::WinnerTakeAll => "wta",
            Chapter::Variational => "variational",
            Chapter::Adversarial => "adversarial",
            Chapter::Gsn => "gsn",
            Chapter::Pretraining => "pretraining",
            Chapter::Inside => "inside",
            Chapter::Compare => "compare",
            Chapter::Train => "train",
            Chapter::About => "about",
        }
    }

    /// The name of its text's file.
    pub const fn file(self) -> &'static str {
        match self {
            Chapter::Start => "start",
            chapter => chapter.name(),
        }
    }

    /// Its link.
    pub fn link(self) -> String {
        format!("#/{}", self.name())
    }

    /// The chapter before and the chapter after.
    pub fn neighbours(self) -> [Option<Chapter>; 2] {
        let at = Self::ALL.iter().position(|&chapter| chapter == self).unwrap_or_default();
        [at.checked_sub(1).map(|before| Self::ALL[before]), Self::ALL.get(at + 1).copied()]
    }
}

/// A chapter that was gone to, and the state that its link held, spelled as in the link.
#[derive(Clone, Debug, PartialEq)]
pub struct Visit {
    pub chapter: Chapter,
    pub query: String,
}

impl Visit {
    /// Reads `#/variational?z=...`. A chapter that is not known is the start.
    pub fn parse(hash: &str) -> Self {
        let (path, query) = hash.split_once('?').unwrap_or((hash, ""));
        let name = path.trim_matches(['#', '/']);
        let chapter = Chapter::ALL.into_iter().find(|chapter| chapter.name() == name).unwrap_or(Chapter::Start);
        Self { chapter, query: query.to_string() }
    }

    /// The link's hash.
    pub fn to_hash(&self) -> String {
        let mark = if self.query.is_empty() { "" } else { "?" };
        format!("{}{mark}{}", self.chapter.link(), self.query)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_holds_the_chapter_and_its_state() {
        for hash in ["#/denoising", "#/variational?z=0%2C1", "#/train?model=vae", "#/", "#/?model=vae"] {
            assert_eq!(Visit::parse(hash).to_hash(), hash);
        }
        let visit = Visit::parse("#/train?model=vae");
        assert_eq!(visit, Visit { chapter: Chapter::Train, query: "model=vae".to_string() });
        assert_eq!(Visit::parse("").chapter, Chapter::Start);
        assert_eq!(Visit::parse("#draw").chapter, Chapter::Start);
    }

    #[test]
    fn chapters_follow_each_other() {
        assert_eq!(Chapter::Start.neighbours(), [None, Some(Chapter::Autoencoder)]);
        assert_eq!(Chapter::About.neighbours(), [Some(Chapter::Train), None]);
    }
}
