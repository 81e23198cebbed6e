//! Everything by keyboard alone: each stop shows where the focus is, and does what a pointer does there.

use crate::accessibility::ANSWERED;
use crate::harness::keys::{DOWN, ENTER, ESCAPE, LEFT, RIGHT, SPACE, TAB};
use crate::harness::run::{set, wait_for_state};
use crate::harness::{CLIPBOARD, DENOISE, Device, LATENT, Page, Visit, chapters, wait_for};

/// `next(from)`: the element of a figure at which Tab is to stop after `from`. Of radio buttons it stops at the one that is chosen.
const NEXT_STOP: &str = "
    window.next = (from) => [...document.querySelectorAll('.figure :is(a[href], button, input, select, summary, [tabindex])')]
        .filter((stop) => stop.tabIndex >= 0 && !stop.matches(':disabled, [type=radio]:not(:checked)'))
        .filter((stop) => stop.checkVisibility({ visibilityProperty: true }))
        .find((stop) => from.compareDocumentPosition(stop) & Node.DOCUMENT_POSITION_FOLLOWING);";

#[test]
#[ignore = "needs the built site: make test runs it"]
fn the_first_stop_skips_to_the_chapter() {
    let page = Visit::on(Device::Cpu).ready();
    page.type_keys(TAB);
    assert_eq!(page.evaluate("document.activeElement.className"), "skip");
    sees_focus(&page);
    page.type_keys(ENTER);
    page.wait_until("the chapter has the focus", "document.activeElement.id === 'main'");
    assert_eq!(page.evaluate("document.querySelector('article').dataset.chapter"), "start", "no link was followed");
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn the_contents_lead_to_chapters() {
    let page = Visit::on(Device::Cpu).ready();
    focus(&page, "a[href='#/denoising']");
    page.type_keys(ENTER);
    page.wait_until("the chapter", "document.querySelector('article')?.dataset.chapter === 'denoising'");
    page.wait_until("the focus in it", "document.activeElement.id === 'main'");
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_digit_is_drawn_rebuilt_and_its_code_read() {
    let page = Visit::on(Device::Cpu).ready();
    page.wait_for_picture("reconstruction");
    let before = page.picture("seen").pixels;
    focus(&page, "[data-testid=draw]");
    page.type_keys(&[SPACE, DOWN, DOWN, RIGHT, RIGHT, SPACE].concat());
    wait_for("another drawing", || if page.picture("seen").pixels == before { Err("the same".into()) } else { Ok(()) });

    focus(&page, "[data-testid=choice-tied]");
    page.type_keys(RIGHT);
    page.wait_until("30 numbers", "document.querySelector('[data-testid=code]').dataset.count === '30'");

    focus(&page, "[data-testid=code]");
    let told = || page.evaluate("document.querySelector('.code-told').innerText");
    let whole = told();
    page.type_keys(RIGHT);
    wait_for("one number", || if told() == whole { Err(told()) } else { Ok(()) });
}

/// From the chapter's title on, Tab stops at everything in the figures that can be used, in its order, shows where it is, and leaves them.
#[test]
#[ignore = "needs the built site: make test runs it"]
fn tab_goes_through_every_figure() {
    let page = Visit::on(Device::Cpu).before_load(NEXT_STOP).ready();
    for link in chapters() {
        page.go(&link);
        page.wait_until(&format!("the figure of {link}"), ANSWERED);
        page.run(
            "window.last = document.querySelector('.chapter h1');
            last.tabIndex = -1;
            last.focus();",
        );
        let mut is_in_figure = true;
        while is_in_figure {
            page.type_keys(TAB);
            // What a scroller without other stops holds is scrolled by arrows: the browser itself stops there.
            let stop = page.run(
                "const [at, wanted] = [document.activeElement, next(last)];
                const isScroller = at.closest('.figure') && at.tabIndex < 0;
                const told = (element) => element?.outerHTML.slice(0, 200) ?? 'nothing in the figure';
                const isLast = wanted === undefined && !at.closest('.figure');
                last = at;
                return [at === wanted || isLast || isScroller, isLast, told(at), told(wanted)];",
            );
            let (at, wanted) = (&stop[2], &stop[3]);
            assert_eq!(stop[0], true, "{link}: Tab leads to {at}, not to {wanted}");
            is_in_figure = stop[1] == false;
            assert!(!is_in_figure || shows_focus(&page), "{link}: the focus does not show at {at}");
        }
    }
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn figures_answer_to_keys() {
    let steps = "document.querySelector('[data-testid=chain-steps]').dataset.steps === '1'";
    let rebuilt = "document.querySelector('[data-testid=choice-sparse]').checked";
    for (link, stop, key, answer) in [
        ("#/gsn", "[data-testid=chain-step]", ENTER, steps),
        ("#/contractive", "[data-testid=chain-step]", ENTER, steps),
        ("#/wta", "[data-testid=choice-wta]", RIGHT, rebuilt),
        ("#/convolutional", "[data-testid=noise]", RIGHT, "location.hash.includes('noise=0.55')"),
        ("#/compare", "[data-testid=sort-error]", ENTER, "location.hash.endsWith('sort=error')"),
        ("#/pretraining", ".pretraining tbody a", ENTER, "location.hash.includes('set=')"),
        (
            "#/stacked",
            "[data-testid=compared]",
            RIGHT,
            "/\\d/.test(document.querySelector('.plot-told:not(:empty)')?.innerText)",
        ),
    ] {
        let page = Visit::on(Device::Cpu).link(link).ready();
        // What is below the fold is asked for when it is seen.
        page.run("document.querySelector('.training')?.scrollIntoView();");
        page.wait_until(
            &format!("{stop} in {link}"),
            &format!("document.querySelector(\"{stop}\")?.checkVisibility() === true"),
        );
        focus(&page, stop);
        page.type_keys(key);
        page.wait_until(&format!("an answer to a key at {stop} in {link}"), answer);
    }
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn sliders_and_digits_answer_to_arrows() {
    let page = Visit::on(Device::Cpu).link(DENOISE).ready();
    focus(&page, "[data-testid=noise]");
    page.type_keys(RIGHT);
    assert_eq!(page.value("noise"), "0.55");

    page.go(LATENT);
    page.wait_for_picture("field");
    let z = page.code()[3];
    focus(&page, "[data-testid=latent-3]");
    page.type_keys(LEFT);
    wait_for("the slider", || if page.code()[3] < z { Ok(()) } else { Err(page.code()[3].to_string()) });
    for stop in ["[data-testid=field]", ".prior-digits button[tabindex='0']"] {
        let code = page.code();
        focus(&page, stop);
        page.type_keys(RIGHT);
        if stop.starts_with('.') {
            page.type_keys(ENTER);
        }
        wait_for("another code", || if page.code() == code { Err(format!("{code:?}")) } else { Ok(()) });
    }
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_run_is_set_up_begun_and_stopped() {
    let page = Visit::on(Device::Cpu).link("#/linear").ready();
    page.wait_until("the panel", "document.querySelector('[data-testid=knob-epochs]') !== null");
    focus(&page, ".more-settings summary");
    page.type_keys(ENTER);
    page.wait_until("all settings", "document.querySelector('.more-settings').open");
    set(&page, "knob-epochs", 1000.0);
    focus(&page, "[data-testid=train]");
    page.type_keys(ENTER);
    wait_for_state(&page, "running");
    focus(&page, "[data-testid=pause]");
    page.type_keys(SPACE);
    wait_for_state(&page, "paused");
    focus(&page, "[data-testid=stop]");
    page.type_keys(ENTER);
    wait_for_state(&page, "stopped");
    focus(&page, ".prose details summary");
    page.type_keys(ENTER);
    page.wait_until("an answer", "document.querySelector('.prose details').open");
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_model_is_copied_as_code() {
    let page = Visit::on(Device::Cpu).link("#/linear").before_load(CLIPBOARD).ready();
    page.wait_until("the panel", "document.querySelector('.model-code') !== null");
    focus(&page, "[data-testid=code-rs]");
    page.type_keys(ENTER);
    page.wait_until(
        "the program",
        "document.querySelector('[data-testid=program-rs]').textContent.includes('pub struct LinearAutoencoder')",
    );
    focus(&page, "[data-testid=copy-rs]");
    page.type_keys(ENTER);
    page.wait_until("a copy", "window.copied?.includes('pub struct LinearAutoencoder')");
    // Arrow keys scroll what does not fit.
    focus(&page, "[data-testid=program-rs]");
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_figure_explains_itself() {
    let page = Visit::on(Device::Cpu).ready();
    page.wait_for_picture("reconstruction");
    focus(&page, ".explained:has([data-testid=reconstruction-error])");
    let explains = "document.querySelector('.explained:focus .explanation').checkVisibility()";
    page.wait_until("an explanation", explains);
    page.type_keys(ESCAPE);
    assert_eq!(page.evaluate(explains), "false");
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_setting_and_a_button_explain_themselves() {
    let page = Visit::on(Device::Cpu).link("#/linear").ready();
    page.wait_until("the settings", "document.querySelector('[data-testid=knob-epochs]') !== null");
    let shown = |id: &str| format!("document.getElementById('{id}').checkVisibility()");
    for (stop, id) in [
        ("[data-testid=knob-epochs]", "setting-epochs-about"),
        ("[data-testid=brush]", "brush-about"),
        ("[data-testid=reset-run]", "reset-run-about"),
    ] {
        focus(&page, stop);
        page.wait_until("an explanation", &shown(id));
        page.type_keys(ESCAPE);
        assert_eq!(page.evaluate(&shown(id)), "false", "{id}");
    }
    // The pointer reads it, and goes to it without losing it.
    for (name, id) in
        [("label[for=setting-epochs]", "setting-epochs-about"), ("[data-testid=reset-run]", "reset-run-about")]
    {
        page.run("document.activeElement.blur()");
        page.show(name);
        page.point_at(name);
        page.wait_until("an explanation", &shown(id));
        page.wait_until(
            "all of it",
            &format!("getComputedStyle(document.getElementById('{id}')).visibility === 'visible'"),
        );
        page.point_at(&format!("#{id}"));
        assert_eq!(page.evaluate(&shown(id)), "true", "{id}");
        page.show(".chapter h1");
        page.point_at(".chapter h1");
        page.wait_until("no explanation", &format!("!{}", shown(id)));
    }
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_chart_is_a_table_too() {
    let page = Visit::on(Device::Cpu).link("#/?model=vae").ready();
    page.wait_until("a code", "document.querySelector('[data-testid=code]').dataset.count === '20'");
    focus(&page, ".code .values summary");
    let rows = "document.querySelectorAll('.code .values tr').length";
    assert_eq!(page.evaluate(rows), "0", "it is made when it is unfolded");
    page.type_keys(ENTER);
    page.wait_until("its numbers and their names", &format!("{rows} === 21"));
}

/// Goes where Tab leads too, and sees that it shows.
#[track_caller]
fn focus(page: &Page, selector: &str) {
    let reachable =
        format!("(({{ tabIndex, disabled }}) => tabIndex >= 0 && !disabled)(document.querySelector(\"{selector}\"))");
    page.wait_until(&format!("a stop at {selector}"), &reachable);
    page.run(&format!("document.querySelector(\"{selector}\").focus({{ focusVisible: true }})"));
    sees_focus(page);
}

#[track_caller]
fn sees_focus(page: &Page) {
    assert!(shows_focus(page), "{}", page.evaluate("document.activeElement.outerHTML.slice(0, 200)"));
}

/// Whether the focused element, or one around it, has an outline.
#[track_caller]
fn shows_focus(page: &Page) -> bool {
    let outlined = "(() => {
        for (let element = document.activeElement; element; element = element.parentElement) {
            const { outlineStyle, outlineWidth } = getComputedStyle(element);
            if (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) return true;
        }
        return false;
    })()";
    page.evaluate(outlined) == "true"
}
