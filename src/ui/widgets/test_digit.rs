//! Test images put on the paper.

use leptos::prelude::*;

use super::super::drawing::Drawing;
use super::super::lab::EngineHandle;
use crate::client::SlotKey;
use crate::protocol::{Answer, Command};

/// Puts a test image of a digit on the paper, the next one at each call, from a place drawn at random.
pub fn put_test_digit() -> impl Fn(u8) + Copy + 'static {
    let lab = expect_context::<EngineHandle>();
    let drawing = expect_context::<RwSignal<Drawing>>();
    let nth = StoredValue::new((js_sys::Math::random() * 1000.0) as u32);
    move |digit| {
        nth.update_value(|nth| *nth = nth.wrapping_add(1));
        let command = Command::TestDigit { digit, nth: nth.get_value() };
        lab.ask_by_click(SlotKey::TestDigit, command, move |answer| {
            if let Answer::TestDigit { image } = answer {
                drawing.update(|drawing| drawing.put(image));
            }
        });
    }
}
