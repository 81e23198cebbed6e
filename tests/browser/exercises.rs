//! Exercises: their links set things up, and their answers tell what the reader measured.

use crate::harness::run::{loss, set, wait_for_state};
use crate::harness::{Device, Page, Pointer, Visit, wait_for};

/// What the answers tell of this, by name and link; a dash while it is not known.
#[track_caller]
fn told(page: &Page, key: &str) -> String {
    page.evaluate(&format!("document.querySelector('[data-live=\"{key}\"]').textContent"))
}

#[track_caller]
fn wait_for_number(page: &Page, key: &str) -> f64 {
    wait_for(&format!("a number for {key}"), || told(page, key).parse().map_err(|_| told(page, key)))
}

/// Whether the two are the same, rounded to what the page tells.
fn agree(told: f64, shown: f64) -> bool {
    (told - shown).abs() <= 0.005 * shown.abs() + 0.000_051
}

fn shown_error(page: &Page) -> f64 {
    page.text("reconstruction-error").trim_start_matches("MSE ").parse().unwrap_or(f64::NAN)
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn an_answer_tells_the_error_that_the_reader_saw() {
    let page = Visit::on(Device::Cpu).link("#/autoencoder").ready();
    page.run("document.querySelectorAll('details').forEach((details) => { details.open = true; });");
    let [one, eight] = ["1-3", "8-3"].map(|digit| format!("error #/autoencoder?digit={digit}"));
    let unmeasured = "document.querySelector('.measured .unmeasured').checkVisibility()";
    page.wait_until("what to do", unmeasured);
    page.click_on("a[href='#/autoencoder?digit=1-3']");
    let error = wait_for_number(&page, &one);
    wait_for("the figure's error", || {
        let shown = shown_error(&page);
        if agree(error, shown) { Ok(()) } else { Err(format!("{error}, {shown}")) }
    });
    assert_eq!((page.evaluate(unmeasured).as_str(), told(&page, &eight).as_str()), ("false", "–"));
    page.click_on("a[href='#/autoencoder?digit=8-3']");
    let larger = wait_for_number(&page, &eight);
    assert!(larger > error, "{larger}, {error}");

    // What is drawn next is the figure's, and no link's.
    page.clear_drawing();
    page.draw_three(Pointer::Mouse);
    wait_for("the drawing's error", || {
        let [told, shown] = [wait_for_number(&page, "error"), shown_error(&page)];
        if agree(told, shown) && !agree(told, larger) { Ok(()) } else { Err(format!("{told}, {shown}")) }
    });
    assert_eq!(wait_for_number(&page, &eight), larger);
    page.click("language");
    page.wait_until("Chinese", "document.querySelector('h1').innerText.includes('编码')");
    assert_eq!(wait_for_number(&page, &eight), larger, "in the other language too");
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn an_answer_tells_what_a_run_came_to() {
    let page = Visit::on(Device::Cpu).link("#/linear").ready();
    let link = |code: u8| format!("#/linear?preset=plane&set=code:{code},seed:1");
    let key = |code: u8| format!("training {}", link(code));
    page.run(&format!("location.hash = '{}'", link(2)));
    page.wait_until("the settings", "document.querySelector('[data-testid=knob-code]')?.value === '2'");
    page.click("train");
    wait_for_state(&page, "done");
    let told_loss = wait_for_number(&page, &key(2));
    assert!(loss(&page).is_some_and(|shown| agree(told_loss, shown)), "{told_loss}, {:?}", loss(&page));
    // Other settings are not that link's.
    set(&page, "knob-code", 1.0);
    page.click("train");
    wait_for("another run's loss", || match loss(&page) {
        Some(shown) if !agree(told_loss, shown) && page.data("progress", "state") == "done" => Ok(()),
        other => Err(format!("{other:?}")),
    });
    assert_eq!((wait_for_number(&page, &key(2)), told(&page, &key(1)).as_str()), (told_loss, "–"));
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn figures_tell_noise_activity_and_dimensions() {
    let page = Visit::on(Device::Cpu).link("#/denoising?digit=4-5&noise=1").ready();
    let link = "#/denoising?digit=4-5&noise=1";
    let error = wait_for_number(&page, &format!("error {link}"));
    let noisy = wait_for_number(&page, &format!("input_error {link}"));
    assert!(error < 0.2 && noisy > 0.5, "{error}, {noisy}");
    // Another strength of the noise is not the link's.
    page.slide("noise", 0.0);
    page.wait_until("the noise in the address", "!location.hash.includes('noise=1')");
    assert_eq!(wait_for_number(&page, &format!("input_error {link}")), noisy);

    page.go("#/sparse?digit=0");
    let of_zero = wait_for_number(&page, "active #/sparse?digit=0");
    page.run("location.hash = '#/sparse?digit=1'");
    let of_one = wait_for_number(&page, "active #/sparse?digit=1");
    assert!((75.0..91.0).contains(&of_zero) && (70.0..86.0).contains(&of_one), "{of_zero}, {of_one}");

    page.go("#/variational");
    assert_eq!(wait_for_number(&page, "dimensions"), 20.0, "the shipped model uses them all");
}
