//! The chapters in `www/content`: complete, of one build in every language, their links and figures true, their HTML well formed.

mod links;
mod markup;

use std::collections::BTreeMap;
use std::path::Path;

use bottleneck::site::build::chapters;
use bottleneck::site::cards::Cards;
use bottleneck::site::chapter::{Chapter as Text, render};
use bottleneck::site::outline::Outline;
use bottleneck::site::problem::Mistake;
use bottleneck::ui::state::results::{OF_FIGURES, OF_RUNS};
use bottleneck::ui::state::route::Chapter;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The chapters by language and by the names of their files.
fn lessons() -> BTreeMap<String, BTreeMap<String, Text>> {
    chapters(root()).unwrap_or_else(|problems| {
        let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("{}", problems.join("\n"))
    })
}

/// Which markers a chapter has: those about a model train it, the laboratory is nothing but training, and the last is only text.
fn markers(chapter: Chapter) -> &'static [&'static str] {
    match chapter {
        Chapter::About => &[],
        Chapter::Train => &["train"],
        Chapter::Start | Chapter::Autoencoder | Chapter::Inside | Chapter::Compare => &["figure"],
        _ => &["figure", "train"],
    }
}

/// The formulas without the words in them.
fn without_words(formula: &str) -> String {
    let mut parts = formula.split(r"\text{");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once('}').map_or("", |(_, rest)| rest))
}

#[test]
fn every_language_has_every_chapter_built_alike() {
    let lessons = lessons();
    let english = &lessons["en"];
    assert_eq!(lessons.keys().collect::<Vec<_>>(), ["en", "zh"]);
    for (language, texts) in &lessons {
        assert_eq!(texts.len(), Chapter::ALL.len(), "{language}: {:?}", texts.keys());
        for (name, text) in texts {
            let alike = |outline: &Outline| Outline {
                title: String::new(),
                formulas: outline.formulas.iter().map(|formula| without_words(formula)).collect(),
                ..outline.clone()
            };
            let [own, other] = [alike(&text.outline), alike(&english[name].outline)];
            assert_eq!(own, other, "{name} in {language}, and in English");
        }
    }
}

#[test]
fn every_chapter_has_its_parts() {
    for (language, texts) in lessons() {
        for chapter in Chapter::ALL {
            let Text { outline, html } = &texts[chapter.file()];
            let place = format!("{} in {language}", chapter.file());
            assert_eq!(outline.markers, markers(chapter), "{place}");
            assert_eq!(outline.headings.iter().filter(|level| **level == 1).count(), 1, "{place}");
            assert!(html.contains("<p class=\"lead\">"), "{place}");
            if markers(chapter).contains(&"train") {
                assert!((2..=5).contains(&outline.answers), "{place} has {} exercises", outline.answers);
            }
            assert!(outline.exercises >= outline.answers, "{place}: an answer stands below its exercise");
            markup::check(html).unwrap_or_else(|problem| panic!("{place}: {problem}"));
        }
    }
}

#[test]
fn every_link_leads_somewhere() {
    for (language, texts) in lessons() {
        for (name, text) in texts {
            for link in &text.outline.links {
                links::check(&name, link).unwrap_or_else(|problem| panic!("{name} in {language}: {link}: {problem}"));
            }
        }
    }
}

/// Each model's chapter has an answer that the page measures. What it measures has a name, and the links set that up.
#[test]
fn answers_ask_for_what_the_page_measures() {
    for (language, texts) in lessons() {
        for chapter in Chapter::ALL {
            let Text { outline, html } = &texts[chapter.file()];
            let place = format!("{} in {language}", chapter.file());
            let trains = markers(chapter).contains(&"train");
            assert_eq!(html.contains("data-live="), trains || chapter == Chapter::Autoencoder, "{place}");
            for asked in html.split("data-live=\"").skip(1) {
                let key = asked.split('"').next().unwrap_or_default().replace("&amp;", "&");
                let (name, link) = key.split_once(' ').unwrap_or((&key, ""));
                let name = name.split('.').next().unwrap_or_default();
                assert!(OF_FIGURES.contains(&name) || OF_RUNS.contains(&name), "{place}: {key}");
                assert!(link.is_empty() || outline.links.iter().any(|found| found == link), "{place}: {key}");
            }
        }
    }
}

/// A chapter that begins as one must, and then has this.
fn mistake(rest: &str) -> Mistake {
    let text = format!("# Title\n\nThe idea.\n\n<!-- figure -->\n\n{rest}\n");
    let problems = render(root(), "a.md", &text, &mut Cards::of(root())).expect_err(rest);
    assert!(problems[0].to_string().starts_with("a.md:"), "{}", problems[0]);
    problems[0].mistake.clone()
}

#[test]
fn a_mistake_stops_the_build() {
    assert_eq!(mistake("<!-- figure -->"), Mistake::MarkerTwice("figure"));
    assert_eq!(mistake("<!-- train -->\n\n<!-- train -->"), Mistake::MarkerTwice("train"));
    assert_eq!(mistake("<!-- trian -->"), Mistake::UnknownMarker("trian".to_owned()));
    assert_eq!(mistake("# Another"), Mistake::SecondTitle);
    assert_eq!(mistake("### Too deep"), Mistake::HeadingLevel(3));
    assert_eq!(mistake("It costs 5 $ a day."), Mistake::LoneDollar);
    assert_eq!(mistake("这是**“瓶颈”**的。"), Mistake::LoneAsterisks);
    assert_eq!(mistake("**你的结果：**误差为 {{live.error}}。"), Mistake::LoneAsterisks);
    assert_eq!(mistake("{{vae loss}}"), Mistake::Placeholder("vae loss".to_owned()));
    assert!(matches!(mistake("{{vae.beauty:1}}"), Mistake::NoMetric { .. }));
    for live in ["live.beauty", "live.error:1", "live.training", "live.training.beauty:1"] {
        assert_eq!(mistake(&format!("1. Nothing is linked.\n\n   {{{{{live}}}}}")), Mistake::Live(live.to_owned()));
    }
    assert!(matches!(mistake("$\\nosuchcommand$"), Mistake::Tex { .. }));
    assert!(matches!(mistake("$$\\frac{1}{$$"), Mistake::Tex { .. } | Mistake::LoneDollar));
    assert!(matches!(mistake("```rust src/lib.rs nothing\n```"), Mistake::NoItem { .. }));
    let problems =
        |text: &str| render(root(), "a.md", text, &mut Cards::of(root())).expect_err(text)[0].mistake.clone();
    assert_eq!(problems("The idea."), Mistake::NoTitle);
    assert_eq!(problems("# Title\n\n## Section\n"), Mistake::NoLead);
    assert_eq!(problems("# Title\n\nIdea.\n\n## Section\n\n<!-- figure -->\n"), Mistake::FigureTooLate);
    assert_eq!(problems("# Title\n\nIdea.\n\n<!-- train -->\n\n<!-- figure -->\n"), Mistake::FigureTooLate);
}
