//! What axe-core finds: nothing, in either theme, on a phone and on a desk.

use std::fs;

use bottleneck::ui::state::inside_view::InsideView;
use serde_json::Value;

use crate::harness::{Device, Page, Visit, chapters};
use crate::layout::{DESK, PHONE};

/// Of the version that `tools/setup.sh` names.
const AXE: &str = ".tools/axe/axe.min.js";

/// Roles, as Chromium has them, of what is used and of what is nothing without a name.
const NAMED: [&str; 13] = [
    "application",
    "button",
    "checkbox",
    "combobox",
    "link",
    "note",
    "progressbar",
    "radio",
    "slider",
    "spinbutton",
    "tab",
    "tabpanel",
    "textbox",
];

/// Whether the chapter's figure, where it has one, shows what an engine or a file gave.
pub const ANSWERED: &str = "!document.querySelector('.figure')
        || !document.querySelector('.figure .computing:not(.idle)')
            && document.querySelectorAll(`.picture[data-empty=false], .figure .curve, .figure tbody tr, .weights-canvas,
                .cloud-canvas [data-count]:not([data-count='0'])`).length > 0";

#[test]
#[ignore = "needs the built site: make test runs it"]
fn axe_finds_nothing_on_a_phone() {
    is_accessible(PHONE);
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn axe_finds_nothing_on_a_desk() {
    is_accessible(DESK);
}

/// What the browser makes of roles and labels, which axe does not ask: a label's name may go to another field within it.
#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_screen_reader_is_told_each_name_once() {
    let page = Visit::on(Device::Cpu).ready();
    for link in chapters() {
        page.go(&link);
        page.wait_until("the training panel's place filled", "document.querySelector('.train-loading') === null");
        let told = page.accessible();
        assert!(told.iter().any(|(role, _)| role == "heading"), "{link:?}: {told:?}");
        let unnamed: Vec<_> = told.iter().filter(|(role, name)| name.is_empty() && NAMED.contains(&&**role)).collect();
        assert!(unnamed.is_empty(), "{link:?}: {unnamed:?}");
        // Beside its picture; a button's picture is a part of the button.
        let twice: Vec<_> = told
            .windows(2)
            .filter(|pair| pair[0].0 == "image" && pair[1].0 == "StaticText" && pair[0].1 == pair[1].1)
            .collect();
        assert!(twice.is_empty(), "{link:?}: {twice:?}");
    }
}

fn is_accessible((width, height, mobile): (u32, u32, bool)) {
    let axe = fs::read_to_string(AXE).unwrap_or_else(|_| panic!("there is no {AXE}: run `tools/setup.sh test` first"));
    let page = Visit::on(Device::Cpu).screen(width, height, mobile).ready();
    page.run(&axe);
    // Of the views into a model the chapter shows the first.
    let views = InsideView::ALL.into_iter().skip(1).map(|view| format!("#/inside?view={}", view.name()));
    for link in chapters().chain(views) {
        page.go(&link);
        // What is in sight computes; axe waits for nothing.
        page.wait_until("an engine's answer", ANSWERED);
        // Answers and the tables behind the charts too, and what explains a figure while it has the focus.
        page.run(
            "document.querySelectorAll('details').forEach((details) => { details.open = true; });
            document.querySelector('.explained[tabindex]')?.focus();",
        );
        page.wait_until(
            "the unfolded program",
            "[...document.querySelectorAll('.program')].every(({ textContent }) => textContent !== '')",
        );
        // What fades has neither its first colour nor its last.
        page.run(
            "document.head.append(Object.assign(document.createElement('style'),
            { textContent: '* { transition: none !important; animation: none !important; }' }));",
        );
        for theme in ["light", "dark"] {
            page.choose("theme", theme);
            page.wait_until("the theme", &format!("document.documentElement.dataset.theme === '{theme}'"));
            assert_eq!(findings(&page), [""; 0], "{link:?} at {width}, {theme}");
        }
    }
}

/// Each finding: its degree, its rule, and the elements that break it.
fn findings(page: &Page) -> Vec<String> {
    let findings = page.run_async(
        "const { violations } = await axe.run(document, { resultTypes: ['violations'] });
        return violations.map(({ id, impact, nodes }) =>
            [impact, id, nodes.map(({ target, any }) => `${target}: ${any.map((check) => check.message)}`).join('\\n')]);",
    );
    let findings: Vec<[Value; 3]> = serde_json::from_value(findings).expect("axe's findings");
    findings.iter().map(|[impact, rule, nodes]| format!("{impact} {rule}: {nodes}")).collect()
}
