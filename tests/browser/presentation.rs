//! The presentation: a step a screen, by a presenter's remote, to the next chapter and back.

use crate::harness::keys::{ESCAPE, LEFT, PAGE_DOWN, PAGE_UP, RIGHT};
use crate::harness::{Device, Page, Visit};

/// Waits until this step of the chapter is shown, and says of how many.
#[track_caller]
fn stands_at(page: &Page, step: usize) -> usize {
    let counter = "document.querySelector('[data-testid=step-counter]').textContent";
    page.wait_until(&format!("step {step}"), &format!("{counter}.startsWith('{step} / ')"));
    page.evaluate(counter).split(" / ").nth(1).and_then(|count| count.parse().ok()).expect("how many steps")
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_remote_goes_through_a_chapter_and_on_to_the_next() {
    let page = Visit::on(Device::Cpu).screen(1280, 720, false).link("?view=presentation#/tied").ready();
    let seen = |selector: &str| page.evaluate(&format!("document.querySelector(\"{selector}\").checkVisibility()"));
    let count = stands_at(&page, 1);
    assert_eq!([".prose.lead", ".figure", ".contents", ".head"].map(seen), ["true", "false", "false", "false"]);
    page.type_keys(PAGE_DOWN);
    stands_at(&page, 2);
    assert_eq!([".prose.lead", ".figure"].map(seen), ["false", "true"]);
    page.wait_for_picture("reconstruction");
    assert_eq!(page.evaluate("document.scrollingElement.scrollHeight <= innerHeight"), "true", "the figure fits");
    assert_eq!(
        page.evaluate("document.querySelector('.figure').getBoundingClientRect().height > innerHeight / 2"),
        "true"
    );
    // Each further step shows something, and some step is each paragraph, formula and exercise.
    page.run("window.seen = new Set();");
    for step in 3..=count {
        page.type_keys(RIGHT);
        stands_at(&page, step);
        page.run(
            "document.querySelectorAll('.prose:not(.lead) > *, .prose > ol > li, .training').forEach((element) => {
                if (element.checkVisibility()) seen.add(element);
            });",
        );
        assert_eq!(page.evaluate("document.querySelectorAll('.chapter [data-shown]').length > 0"), "true", "{step}");
    }
    let missed = "[...document.querySelectorAll('.prose:not(.lead) > *, .prose > ol > li, .training')]
        .filter((element) => !seen.has(element)).map(({ outerHTML }) => outerHTML.slice(0, 80)).join()";
    assert_eq!(page.evaluate(missed), "");
    page.type_keys(PAGE_DOWN);
    page.wait_until("the next chapter", "document.querySelector('.chapter')?.dataset.chapter === 'layerwise'");
    stands_at(&page, 1);
    page.type_keys(PAGE_UP);
    page.wait_until("the chapter before", "document.querySelector('.chapter')?.dataset.chapter === 'tied'");
    assert_eq!(stands_at(&page, count), count, "its last step");
    page.type_keys(ESCAPE);
    page.wait_until("the page as ever", "document.querySelector('.contents').checkVisibility()");
    assert_eq!([".prose.lead", ".figure", ".training", ".steps"].map(seen), ["true", "true", "true", "false"]);
    assert_eq!(page.complaints(), Vec::<String>::new());
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn sliders_and_the_drawing_keep_their_arrow_keys() {
    let page = Visit::on(Device::Cpu).link("#/denoising").ready();
    page.wait_for_picture("denoised");
    page.click("present");
    stands_at(&page, 1);
    page.type_keys(PAGE_DOWN);
    stands_at(&page, 2);
    let noise: f64 = page.value("noise").parse().expect("a number");
    page.run("document.querySelector('[data-testid=noise]').focus()");
    page.type_keys(RIGHT);
    assert!(page.value("noise").parse::<f64>().expect("a number") > noise);
    page.run("document.querySelector('[data-testid=draw]').focus()");
    page.type_keys(RIGHT);
    page.wait_until("the pen", "!document.querySelector('.pen').classList.contains('gone')");
    stands_at(&page, 2);
    // A remote goes on from wherever the focus is.
    page.type_keys(PAGE_DOWN);
    stands_at(&page, 3);
    page.run("document.activeElement.blur()");
    page.type_keys(LEFT);
    stands_at(&page, 2);
    // An exercise's link shows what it sets up; then the exercise is there again.
    let exercise = "[...document.querySelectorAll('.prose > ol > li')].find((item) => item.checkVisibility())?.value";
    let counter = "document.querySelector('[data-testid=step-counter]').textContent";
    while page.evaluate(&format!("{exercise} ?? 0")) != "1" {
        let at = page.evaluate(counter);
        page.type_keys(PAGE_DOWN);
        page.wait_until("the next step", &format!("{counter} !== '{at}'"));
    }
    let shows_exercise = || page.wait_until("the exercise", &format!("{exercise} === 1"));
    page.run("document.querySelector('.prose > ol > li a').click()");
    page.wait_until("the figure", "document.querySelector('.figure').checkVisibility()");
    page.type_keys(PAGE_DOWN);
    shows_exercise();
    page.run("location.hash = '#/denoising?preset=gaussian&set=sigma:0.1,epochs:5,examples:20000,seed:42'");
    page.wait_until("the panel", "document.querySelector('.training').checkVisibility()");
    page.type_keys(PAGE_UP);
    shows_exercise();
    // In another language it is the same step.
    page.run("document.querySelector('[data-testid=language]').click()");
    page.wait_until("Chinese", "document.documentElement.lang === 'zh-Hans'");
    shows_exercise();
    page.wait_until("it in Chinese", "/[一-鿿]/.test(document.querySelector('li[data-shown]')?.textContent)");
}
