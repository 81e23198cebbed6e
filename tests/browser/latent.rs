//! The latent space: sliders, the digit they make, the drawing's code, the field.

use bottleneck::protocol::{Code, Noise, Sweep};

use crate::harness::{DENOISE, Device, LATENT, Native, Page, Pointer, VAE, VAE_CODE, Visit, close, wait_for};
use crate::on_both_devices;

/// What the sliders step by.
const STEP: f32 = 0.05;
const EXTENT: f32 = 3.0;
const SIDE: usize = 15;
/// A slider of a browser and a number of ours differ by less.
const ROUNDING: f32 = 1e-3;

on_both_devices![sliders_make_the_digit, the_drawing_goes_into_the_sliders, the_field_is_full_and_leads_where_it_shows];

fn sliders_make_the_digit(device: Device) {
    let native = Native::new();
    let page = Visit::on(device).link(LATENT).ready();
    // The sliders begin at a digit and not in the middle, which is a blot.
    shows_its_code(&page, &native);
    assert!(page.code().iter().any(|z| z.abs() > 1.0), "{:?}", page.code());

    page.click("reset");
    page.slide("latent-0", 1.5);
    page.slide("latent-7", -2.0);
    let mut code = vec![0.0; VAE_CODE];
    (code[0], code[7]) = (1.5, -2.0);
    stands_at(&page, &code, ROUNDING);
    shows_its_code(&page, &native);

    page.click_at("latent-7", (0.5, 0.5), true);
    code[7] = 0.0;
    stands_at(&page, &code, ROUNDING);
    shows_its_code(&page, &native);

    // The code drawn is finer than the sliders' steps: the digit itself cannot be told from them.
    let before = page.picture("generated").pixels;
    page.click("random");
    wait_for("a draw from the prior", || {
        let moved = page.code().iter().filter(|&&z| z != 0.0).count();
        if moved < VAE_CODE / 2 {
            return Err(format!("{moved} dimensions moved"));
        }
        if page.picture("generated").pixels == before { Err("the same digit".into()) } else { Ok(()) }
    });

    page.click("reset");
    stands_at(&page, &vec![0.0; VAE_CODE], ROUNDING);
    shows_its_code(&page, &native);
}

fn the_drawing_goes_into_the_sliders(device: Device) {
    let native = Native::new();
    let page = Visit::on(device).link(DENOISE).ready();
    page.clear_drawing();
    page.go(LATENT);
    assert_eq!(page.evaluate("document.querySelector('[data-testid=encode]').disabled"), "true", "nothing is drawn");
    page.go(DENOISE);
    page.draw_three(Pointer::Mouse);
    page.wait_for_picture("reconstruction");
    page.go(LATENT);
    page.click("encode");
    let seen = page.picture("seen").pixels;
    let code = native.reconstruct(VAE, &seen, Noise { sigma: 0.0, dropout: 0.0, seed: 0 }).code;
    let reachable: Code = code.iter().map(|z| z.clamp(-EXTENT, EXTENT)).collect();
    stands_at(&page, &reachable, STEP);
}

fn the_field_is_full_and_leads_where_it_shows(device: Device) {
    let native = Native::new();
    let page = Visit::on(device).link(LATENT).ready();
    wait_for("the native engine's field", || {
        let images = native.sweep(&page.code(), plane(&page));
        let tiles = page.picture("field").tiles();
        tiles.iter().zip(&images).enumerate().try_for_each(|(cell, (found, expected))| {
            if found.iter().all(|&pixel| pixel < 64) {
                return Err(format!("cell {cell} is blank"));
            }
            close(&format!("cell {cell}"), found, expected)
        })
    });

    let (row, column) = (2, 11);
    let before = page.code();
    let plane = plane(&page);
    let centre = |cell: usize| (cell as f64 + 0.5) / SIDE as f64;
    page.click_at("field", (centre(column), centre(row)), false);
    let mut code = before;
    (code[plane.dimensions[0]], code[plane.dimensions[1]]) = plane.point(row, column);
    stands_at(&page, &code, STEP / 2.0 + ROUNDING);
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_preview_leads_to_its_end_of_the_slider() {
    let page = Visit::on(Device::Cpu).link(LATENT).ready();
    page.wait_for_picture("generated");
    page.click("reset");
    let mut code = vec![0.0; VAE_CODE];
    for (button, end) in [("first-child", -EXTENT), ("last-child", EXTENT)] {
        page.click_on(&format!(".latent-slider:has([data-testid=latent-3]) button:{button}"));
        code[3] = end;
        stands_at(&page, &code, ROUNDING);
    }
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_generated_digit_leads_to_its_code() {
    let native = Native::new();
    let page = Visit::on(Device::Cpu).link(LATENT).ready();
    let digits = |nth: usize| page.picture_of(&format!(".prior-digits button:nth-child({nth}) canvas"));
    wait_for("sixty digits", || if digits(60).is_drawn() { Ok(()) } else { Err(page.text("error")) });
    let (first, last) = (digits(1).pixels, digits(60).pixels);
    assert_ne!(first, last, "each from a code of its own");

    page.click_on(".prior-digits button:nth-child(60)");
    wait_for("the digit that was clicked", || close("generated", &page.picture("generated").pixels, &last));
    // The sliders step more coarsely than a code that was drawn.
    let rounded = native.decode(&page.code());
    let error = rounded.iter().zip(&last).map(|(&a, &b)| (f64::from(a) - f64::from(b)).powi(2)).sum::<f64>();
    assert!(error / 784.0 < 100.0, "the sliders stand where the digit is: {error}");

    page.click("many-again");
    wait_for("other digits", || if digits(1).pixels == first { Err("the same".into()) } else { Ok(()) });
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_link_holds_the_code() {
    let native = Native::new();
    let mut code = vec![0.0; VAE_CODE];
    (code[0], code[1], code[19]) = (1.0, -2.5, 0.35);
    let page = Visit::on(Device::Cpu).link(&link(&code)).ready();
    stands_at(&page, &code, ROUNDING);
    shows_its_code(&page, &native);

    page.slide("latent-0", 2.0);
    code[0] = 2.0;
    let noted = link(&code);
    page.wait_until("the code in the address", &format!("decodeURIComponent(location.hash) === '{noted}'"));

    (code[1], code[2]) = (0.0, 1.0);
    page.run(&format!("location.hash = '{}'", link(&code)));
    stands_at(&page, &code, ROUNDING);
    shows_its_code(&page, &native);
    page.run("history.back()");
    code = vec![0.0; VAE_CODE];
    (code[0], code[1], code[19]) = (2.0, -2.5, 0.35);
    stands_at(&page, &code, ROUNDING);
}

#[test]
#[ignore = "needs the built site: make test runs it"]
fn a_link_with_nonsense_is_a_link_without_a_code() {
    let page = Visit::on(Device::Cpu).link("#/variational?z=1,NaN,cheese").ready();
    page.wait_for_picture("generated");
    let code = page.code();
    page.go("#/about");
    page.run("location.hash = '#/variational?z='");
    page.wait_for_picture("generated");
    stands_at(&page, &code, ROUNDING);
    assert_eq!(page.text("error"), "");
}

fn link(code: &Code) -> String {
    let numbers: Vec<String> = code.iter().map(f32::to_string).collect();
    format!("#/variational?z={}", numbers.join(","))
}

/// The plane that the page's field shows.
fn plane(page: &Page) -> Sweep {
    let axis = |name: &str| page.value(name).parse().expect("the number of a dimension");
    Sweep { dimensions: [axis("axis-across"), axis("axis-up")], side: SIDE, extent: EXTENT }
}

/// Waits until the sliders stand at `code`.
#[track_caller]
fn stands_at(page: &Page, code: &Code, tolerance: f32) {
    wait_for("sliders in their places", || {
        let found = page.code();
        let apart = |d: &usize| (found[*d] - code[*d]).abs() > tolerance;
        match (0..VAE_CODE).find(apart) {
            None => Ok(()),
            Some(d) => Err(format!("slider {d} stands at {} in place of {}", found[d], code[d])),
        }
    });
}

/// Waits until the digit is what the native engine makes of the sliders' code.
#[track_caller]
fn shows_its_code(page: &Page, native: &Native) {
    wait_for("the sliders' digit", || {
        close("generated", &page.picture("generated").pixels, &native.decode(&page.code()))
    });
}
