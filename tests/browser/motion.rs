//! Motion explains, and only to who wants it.

use crate::harness::{Device, Page, Visit, wait_for};

/// What moves, by the names of its animations, since a test image of a digit was put in, which must be another than the one that is there.
fn moving(page: &Page, digit: u8) -> String {
    let before = page.picture("seen").pixels;
    page.run(
        "window.moved = []; addEventListener('animationstart', ({ animationName }) => moved.push(animationName));",
    );
    page.click(&format!("sample-{digit}"));
    wait_for("another digit", || if page.picture("seen").pixels == before { Err("the same".into()) } else { Ok(()) });
    page.wait_until("its code has passed", "document.querySelector('.network').dataset.pass !== undefined");
    // A frame for what has just begun.
    page.run_async("await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));");
    page.evaluate("[...new Set(document.getAnimations().map(({ animationName }) => animationName))].join()")
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_digit_is_seen_to_pass_through_the_layers() {
    let page = Visit::on(Device::Cpu).ready();
    page.wait_for_picture("reconstruction");
    let mut digits = [7, 8].into_iter().cycle();
    wait_for("the layers light up", || match moving(&page, digits.next().expect("a cycle has no end")) {
        names if names.contains("pass-") => Ok(()),
        names => Err(names),
    });
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn nothing_moves_where_less_motion_is_wanted() {
    let page = Visit::on(Device::Cpu).reduced_motion().ready();
    page.wait_for_picture("reconstruction");
    for (link, digit) in [("#/", 7), ("#/linear", 8), ("#/denoising", 9)] {
        page.go(link);
        page.wait_for_picture("reconstruction");
        assert_eq!(moving(&page, digit), "", "{link}");
        let moves = "[...document.querySelectorAll('*')].map((element) => getComputedStyle(element))
            .filter(({ transitionDuration, animationName, scrollBehavior }) =>
                parseFloat(transitionDuration) > 0 || animationName !== 'none' || scrollBehavior !== 'auto').length";
        assert_eq!(page.evaluate(moves), "0", "{link}");
    }
    // What explains something is there at once.
    page.point_at("[data-testid=sample]");
    page.wait_until("an explanation", "document.getElementById('sample-about').checkVisibility()");
}
