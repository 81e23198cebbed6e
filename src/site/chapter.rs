//! One chapter: Markdown in, HTML and what it consists of out.

use std::ops::Range;
use std::path::Path;

use pulldown_cmark::{
    CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, TextMergeWithOffset, html,
};

use super::cards::Cards;
use super::code;
use super::live::{self, Piece};
use super::math::{display, escaped_body, mathml, with_mark};
use super::outline::Outline;
use super::pretraining;
use super::problem::{Mistake, Problem, Problems};
use super::spectrum;

/// What the page says in place of what it has not measured yet: a text that the languages have once.
pub const UNMEASURED: &str = "<!--unmeasured-->";

/// A chapter as the page fetches it.
#[derive(Clone, Debug)]
pub struct Chapter {
    pub html: String,
    pub outline: Outline,
}

/// Renders the Markdown `text` of `file`, with the code and the cards of the repository at `root`.
///
/// # Errors
/// All that is wrong with it.
pub fn render(root: &Path, file: &str, text: &str, cards: &mut Cards) -> Result<Chapter, Vec<Problem>> {
    let mut unfilled = Problems::new(file, text);
    let (text, figures) = cards.fill(text, &mut unfilled);
    let mut writer = Writer {
        root,
        file,
        text: &text,
        events: Vec::new(),
        outline: Outline { figures, ..Outline::default() },
        problems: Problems::new(file, &text),
        sections: [0; 2],
        stage: Stage::Title,
        block: None,
        depth: 0,
        exercise: 0,
        in_measured: false,
    };
    let options = Options::ENABLE_TABLES | Options::ENABLE_MATH | Options::ENABLE_SMART_PUNCTUATION;
    for (event, range) in TextMergeWithOffset::new(Parser::new_ext(&text, options).into_offset_iter()) {
        writer.take(event, &range);
    }
    writer.finish(&text);
    let Writer { events, outline, problems, .. } = writer;
    let mut page = String::new();
    html::push_html(&mut page, events.into_iter());
    // A formula on lines of its own leaves the paragraph that it stood in empty.
    let chapter = Chapter { html: page.replace("<p></p>\n", ""), outline };
    match (unfilled.none_or(()), problems.none_or(chapter)) {
        (Ok(()), result) => result,
        (Err(problems), Ok(_)) => Err(problems),
        (Err(mut problems), Err(more)) => {
            problems.extend(more);
            Err(problems)
        }
    }
}

/// Around a table, which scrolls where it is too wide.
const TABLE: &str = "<div class=\"table\" tabindex=\"0\" role=\"group\">\n";

/// How many letters code within a text may have to stay on one line: as many as a phone shows.
const SHORT: usize = 26;

/// The text with spaces that do not break where a line must not: before a percent sign, about signs between numbers, in a licence's name.
fn unbroken(text: &str) -> String {
    let text = ["×", "±", "="].into_iter().fold(text.replace(" %", "\u{a0}%"), |text, sign| {
        text.replace(&format!(" {sign} "), &format!("\u{a0}{sign}\u{a0}"))
    });
    text.replace("CC BY-SA 3.0", "CC\u{a0}BY\u{2011}SA\u{a0}3.0")
}

/// How much of a chapter's beginning has been seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Title,
    Lead,
    Figure,
    Body,
}

struct Writer<'a> {
    root: &'a Path,
    file: &'a str,
    text: &'a str,
    events: Vec<Event<'a>>,
    outline: Outline,
    problems: Problems<'a>,
    /// The numbers of the present section and of its part.
    sections: [usize; 2],
    stage: Stage,
    /// The info string and the text of the block of code that is being read.
    block: Option<(String, String)>,
    /// How many containers are open.
    depth: usize,
    /// How many links there were before the present exercise.
    exercise: usize,
    /// Whether the present paragraph has something that the page measures.
    in_measured: bool,
}

impl<'a> Writer<'a> {
    fn take(&mut self, event: Event<'a>, range: &Range<usize>) {
        if let Some((_, code)) = &mut self.block {
            match event {
                Event::Text(text) => return code.push_str(&text),
                Event::End(TagEnd::CodeBlock) => return self.end_code(range),
                _ => {}
            }
        }
        if let Event::Start(tag) = &event {
            self.outline_tag(tag);
            if self.depth == 0 {
                self.take_block(tag, range);
            }
            self.depth += 1;
        }
        if let Event::End(_) = &event {
            self.depth -= 1;
        }
        match event {
            Event::Start(Tag::Heading { level, id: None, classes, attrs }) => {
                let id = self.heading_id(level, range);
                self.events.push(Event::Start(Tag::Heading { level, id, classes, attrs }));
            }
            Event::Start(Tag::Paragraph) if self.stage == Stage::Lead => self.push_html("<p class=\"lead\">"),
            Event::End(TagEnd::Paragraph) if self.stage == Stage::Lead => {
                self.stage = Stage::Figure;
                self.push_html("</p>\n");
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                let info = match kind {
                    CodeBlockKind::Fenced(info) => info.into_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                self.outline.code.push(info.clone());
                self.block = Some((info, String::new()));
            }
            Event::Start(Tag::Table(_)) => {
                self.push_html(TABLE);
                self.events.push(event);
            }
            Event::End(TagEnd::Table) => {
                self.name_table();
                self.events.push(event);
                self.push_html("</div>\n");
            }
            Event::Text(text) => {
                let text = CowStr::from(unbroken(&text));
                self.check_asterisks(&text, range);
                if let Some(pieces) = live::pieces(self.root, &text, &self.outline.links[self.exercise..]) {
                    return self.measured(pieces, range);
                }
                self.check_text(&text, range);
                if self.stage == Stage::Title {
                    self.outline.title += &text;
                }
                if let Some(Event::InlineHtml(html)) = self.events.last_mut()
                    && let Some((joined, rest)) = with_mark(html, &text)
                {
                    *html = joined.into();
                    return self.events.push(Event::Text(rest.to_owned().into()));
                }
                self.events.push(Event::Text(text));
            }
            // A short name or address is not broken, though it has a question mark.
            Event::Code(code) if code.chars().count() <= SHORT => {
                let html = format!("<code class=\"unbroken\">{}</code>", escaped_body(&code));
                self.events.push(Event::InlineHtml(html.into()));
            }
            Event::InlineMath(tex) => self.formula(&tex, false, range),
            Event::DisplayMath(tex) => self.formula(&tex, true, range),
            Event::Html(text) => self.html(&text, range),
            Event::End(TagEnd::Paragraph) if self.in_measured => {
                self.in_measured = false;
                self.push_html(&format!("</span><span class=\"unmeasured\">{UNMEASURED}</span></p>\n"));
            }
            Event::End(TagEnd::Heading(HeadingLevel::H1)) => {
                self.stage = self.stage.max(Stage::Lead);
                self.events.push(event);
            }
            other => self.events.push(other),
        }
    }

    /// A block that stands in nothing else: the title, then the idea, then the figure.
    fn take_block(&mut self, tag: &Tag, range: &Range<usize>) {
        let is_title = matches!(tag, Tag::Heading { level: HeadingLevel::H1, .. });
        let is_marker = matches!(tag, Tag::HtmlBlock);
        match self.stage {
            Stage::Title if !is_title => {
                self.problems.note(range, Mistake::NoTitle);
                self.stage = Stage::Body;
            }
            Stage::Lead if *tag != Tag::Paragraph => {
                self.problems.note(range, Mistake::NoLead);
                self.stage = Stage::Body;
            }
            // The marker itself ends this stage.
            Stage::Figure if !is_marker => self.stage = Stage::Body,
            Stage::Lead | Stage::Figure | Stage::Body if is_title => {
                self.problems.note(range, Mistake::SecondTitle);
            }
            _ => {}
        }
    }

    fn outline_tag(&mut self, tag: &Tag) {
        match tag {
            Tag::Link { dest_url, .. } => self.outline.links.push(dest_url.to_string()),
            Tag::Table(columns) => self.outline.tables.push((0, columns.len())),
            Tag::TableRow => {
                if let Some((rows, _)) = self.outline.tables.last_mut() {
                    *rows += 1;
                }
            }
            // A list is open, and nothing else.
            Tag::Item if self.depth == 1 => {
                self.outline.exercises += 1;
                self.exercise = self.outline.links.len();
            }
            _ => {}
        }
    }

    /// The id of a section or of its part, which is its number: the same in every language.
    fn heading_id(&mut self, level: HeadingLevel, range: &Range<usize>) -> Option<CowStr<'static>> {
        let (level, before) = (level as u8, self.outline.headings.last().copied());
        self.outline.headings.push(level);
        let [section, part] = self.sections;
        match (level, before) {
            (1, _) => return None,
            (2, _) => self.sections = [section + 1, 0],
            (3, Some(2..)) => self.sections = [section, part + 1],
            _ => self.problems.note(range, Mistake::HeadingLevel(level)),
        }
        let [section, part] = self.sections;
        Some(if level == 2 { format!("section-{section}") } else { format!("section-{section}-{part}") }.into())
    }

    fn html(&mut self, text: &str, range: &Range<usize>) {
        self.outline.answers += text.matches("<details").count();
        let comment = text.trim().strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->")).map(str::trim);
        let (marker, made) = match comment {
            None => return self.push_html(text),
            Some("figure") => ("figure", String::new()),
            Some("train") => ("train", String::new()),
            // A figure that the page need not know how to make.
            Some("pretraining") => match pretraining::figure(self.root, self.language()) {
                Ok(figure) => ("figure", format!("{figure}<!--/figure-->\n")),
                Err(mistake) => return self.problems.note(range, mistake),
            },
            // One beside the chapter's own.
            Some("spectrum") => match spectrum::figure(self.root, self.language()) {
                Ok(figure) => return self.push_html(&figure),
                Err(mistake) => return self.problems.note(range, mistake),
            },
            Some(other) => return self.problems.note(range, Mistake::UnknownMarker(other.to_owned())),
        };
        if self.outline.markers.contains(&marker) {
            self.problems.note(range, Mistake::MarkerTwice(marker));
        } else if marker == "figure" && self.stage != Stage::Figure {
            self.problems.note(range, Mistake::FigureTooLate);
        }
        self.stage = self.stage.max(Stage::Body);
        self.outline.markers.push(marker);
        self.push_html(&format!("<!--{marker}-->\n{made}"));
    }

    /// That of the file, which its folder names.
    fn language(&self) -> &'a str {
        self.file.rsplit('/').nth(1).unwrap_or_default()
    }

    /// A paragraph with what the page measures, and room for what it says while nothing was measured.
    fn measured(&mut self, pieces: Result<Vec<Piece>, Mistake>, range: &Range<usize>) {
        const BEGIN: &str = "<p class=\"measured\"><span>";
        let start = self.events.iter().rposition(|event| matches!(event, Event::Start(Tag::Paragraph)));
        match (pieces, start) {
            (Ok(pieces), Some(start)) => {
                if !self.in_measured {
                    self.in_measured = true;
                    self.events[start] = Event::Html(BEGIN.into());
                }
                self.events.extend(pieces.into_iter().map(|piece| match piece {
                    Piece::Text(text) => Event::Text(text.into()),
                    Piece::Html(html) => Event::InlineHtml(html.into()),
                }));
            }
            (Ok(_), None) => self.problems.note(range, Mistake::Live("live".to_owned())),
            (Err(mistake), _) => self.problems.note(range, mistake),
        }
    }

    fn formula(&mut self, tex: &str, is_display: bool, range: &Range<usize>) {
        self.outline.formulas.push(tex.trim().to_owned());
        match if is_display { display(tex) } else { mathml(tex, false) } {
            Err(mistake) => self.problems.note(range, mistake),
            Ok(math) if is_display => {
                // A <div> is not allowed in a paragraph: it ends there, and another one begins.
                let in_paragraph = self.in_paragraph();
                let [end, begin] = if in_paragraph { ["</p>\n", "<p>"] } else { ["", ""] };
                let math = format!("{end}<div class=\"formula\" tabindex=\"0\" role=\"group\">{math}</div>\n{begin}");
                self.push_html(&math);
            }
            Ok(math) => self.events.push(Event::InlineHtml(math.into())),
        }
    }

    /// Says of the table that ends whether it explains formulas by code, which narrow pages show otherwise.
    fn name_table(&mut self) {
        let start =
            self.events.iter().rposition(|event| matches!(event, Event::Start(Tag::Table(_)))).unwrap_or_default();
        let cells = &self.events[start..];
        let has_formulas =
            cells.iter().any(|event| matches!(event, Event::InlineHtml(html) if html.starts_with("<math")));
        let has_code = cells.iter().any(|event| match event {
            Event::Code(_) => true,
            Event::InlineHtml(html) => html.starts_with("<code"),
            _ => false,
        });
        if let (Event::Start(Tag::Table(columns)), Some(before)) = (&cells[0], start.checked_sub(1))
            && (columns.len(), has_formulas, has_code) == (3, true, true)
        {
            self.events[before] = Event::Html(TABLE.replace("\"table\"", "\"table symbols\"").into());
        }
    }

    fn in_paragraph(&self) -> bool {
        let blocks = self.events.iter().rev();
        let mut paragraphs = blocks.filter_map(|event| match event {
            Event::Start(Tag::Paragraph) => Some(true),
            Event::End(TagEnd::Paragraph) | Event::Start(Tag::Item) => Some(false),
            _ => None,
        });
        paragraphs.next().unwrap_or(false)
    }

    fn end_code(&mut self, range: &Range<usize>) {
        self.depth -= 1;
        if let Some((info, code)) = self.block.take() {
            match code::block(self.root, &info, &code) {
                Ok(html) => self.push_html(&html),
                Err(mistake) => self.problems.note(range, mistake),
            }
        }
    }

    /// Bold text does not end before a Chinese letter if its last one is a mark.
    fn check_asterisks(&mut self, text: &str, range: &Range<usize>) {
        if text.contains("**") && self.text[range.clone()].contains("**") {
            self.problems.note(range, Mistake::LoneAsterisks);
        }
    }

    fn check_text(&mut self, text: &str, range: &Range<usize>) {
        let written = &self.text[range.clone()];
        if text.contains('$') && written.replace("\\$", "").contains('$') {
            self.problems.note(range, Mistake::LoneDollar);
        }
        if let Some((_, rest)) = text.split_once("{{") {
            let rest = rest.split("}}").next().unwrap_or_default();
            self.problems.note(range, Mistake::Placeholder(rest.to_owned()));
        }
    }

    fn push_html(&mut self, html: &str) {
        self.events.push(Event::Html(html.to_owned().into()));
    }

    /// What can be said only at the end.
    fn finish(&mut self, text: &str) {
        if self.stage <= Stage::Lead {
            self.problems.note(&(text.len()..text.len()), Mistake::NoLead);
        }
    }
}
