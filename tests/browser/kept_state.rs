//! What a chapter keeps when links are followed, and what its address holds of it.

use crate::harness::run::set;
use crate::harness::{DENOISE, Device, LATENT, Page, Pointer, Visit};

const ADDRESS: &str = "decodeURIComponent(location.hash)";

fn wait_for_address(page: &Page, parts: &[&str]) {
    for part in parts {
        page.wait_until(part, &format!("{ADDRESS}.includes('{part}')"));
    }
}

fn wait_for_value(page: &Page, testid: &str, value: &str) {
    page.wait_until(testid, &format!("document.querySelector('[data-testid={testid}]')?.value === '{value}'"));
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_chapter_is_as_the_last_link_left_it() {
    let page = Visit::on(Device::Cpu).link(DENOISE).ready();
    page.slide("noise", 0.3);
    wait_for_address(&page, &["noise=0.3"]);
    page.go("#/denoising?digit=4-5&noise=1");
    wait_for_value(&page, "noise", "1");
    page.go(LATENT);
    page.go(DENOISE);
    wait_for_value(&page, "noise", "1");
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_link_to_a_run_leaves_the_figure_in_the_address() {
    let code = |first: &str| format!("z={first}{}", ",0".repeat(19));
    let page = Visit::on(Device::Cpu).link(&format!("#/variational?{}", code("1"))).ready();
    page.wait_for_picture("generated");
    page.go("#/variational?set=epochs:3");
    wait_for_address(&page, &["set=epochs:3", &code("1")]);
    page.go(&format!("#/variational?{}", code("-1")));
    wait_for_address(&page, &["set=epochs:3", &code("-1")]);
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn the_figure_and_the_run_have_models_of_their_own_in_links() {
    let page = Visit::on(Device::Cpu).link("#/tied").ready();
    page.click("choice-stacked");
    wait_for_address(&page, &["model=stacked"]);
    set(&page, "knob-epochs", 3.0);
    wait_for_address(&page, &["model=stacked", "set=epochs:3"]);
    page.reload();
    page.wait_until("the figure's", "document.querySelector('[data-testid=choice-stacked]')?.checked");
    wait_for_value(&page, "knob-epochs", "3");

    page.go("#/stacked");
    page.click("choice-deep");
    page.click("model-deep");
    set(&page, "knob-epochs", 4.0);
    page.click("choice-stacked");
    wait_for_address(&page, &["train=deep", "set=epochs:4"]);
    page.reload();
    page.wait_until("the run's", "document.querySelector('[data-testid=model-deep]')?.ariaSelected === 'true'");
    wait_for_value(&page, "knob-epochs", "4");

    // A link to the figure leaves the run as it is, and one to a run the figure; it is of the chapter's model where it names none.
    page.go("#/stacked?digit=8-3&model=stacked");
    wait_for_address(&page, &["train=deep", "set=epochs:4"]);
    page.click("choice-deep");
    page.go("#/stacked?set=epochs:5");
    wait_for_address(&page, &["model=deep", "train=stacked", "set=epochs:5"]);
    assert_eq!(page.evaluate("document.querySelector('[data-testid=model-stacked]').ariaSelected"), "true");
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_drawing_stays_as_it_was_drawn_when_one_goes_back() {
    let page = Visit::on(Device::Cpu).link(DENOISE).ready();
    page.draw_three(Pointer::Mouse);
    wait_for_address(&page, &["drawing="]);
    let drawn = page.picture("draw").pixels;
    page.go(LATENT);
    page.wait_for_picture("generated");
    page.run("history.back()");
    page.wait_for_picture("denoised");
    assert!(page.picture("draw").pixels == drawn, "another drawing");

    page.go("#/denoising?set=epochs:3");
    wait_for_address(&page, &["drawing="]);
    page.click("draw-clear");
    page.wait_until("a blank drawing in the address", &format!("/drawing=(&|$)/.test({ADDRESS})"));
    page.reload();
    page.wait_until_ready();
    page.wait_until("nothing drawn", "document.querySelector('[data-testid=draw-clear]')?.disabled");
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn the_list_of_models_says_which_is_shown() {
    let page = Visit::on(Device::Cpu).link("#/inside?model=linear").ready();
    page.choose("model-list", "deep");
    page.choose("model-list", "vae");
    page.go("#/inside?model=deep&view=weights&side=decoder");
    wait_for_value(&page, "model-list", "deep");
    wait_for_value(&page, "weights-side", "decoder");
    page.go("#/inside?model=stacked&view=weights&side=decoder");
    wait_for_value(&page, "model-list", "stacked");
    wait_for_value(&page, "weights-side", "decoder");
    page.choose("model-list", "sparse");
    page.wait_until("no side in the address", &format!("!{ADDRESS}.includes('side=')"));
}

/// A page with a figure in a frame, which it gives the height that the figure tells.
const HOST: &str = "
    document.body.innerHTML = '<iframe style=\"width:700px;height:3000px;border:0\"></iframe>';
    const frame = document.querySelector('iframe');
    addEventListener('message', ({ data }) => {
        if (data.bottleneck) frame.style.height = data.bottleneck.height + 'px';
    });
    frame.src = ADDRESS;";

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_frame_gets_the_height_of_its_figure() {
    let page = Visit::on(Device::Cpu).open();
    page.open_tab("engine_loader.js");
    let figure = page.site.address("?embed=variational#/variational");
    page.run(&HOST.replace("ADDRESS", &format!("'{figure}'")));
    let inside = |expression: &str| format!("document.querySelector('iframe').contentDocument?.{expression}");
    page.wait_until("the figure", &inside("querySelector('[data-testid=generated][data-empty=false]') != null"));
    let [height, figure] = ["documentElement.clientHeight", "querySelector('.figure').offsetHeight"].map(inside);
    page.wait_until("the figure's height", &format!("{height} < {figure} + 200 && {height} >= {figure}"));
}
