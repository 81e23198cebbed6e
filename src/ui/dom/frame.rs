//! Work that is done once a frame, however often its reason changes.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::render::{AnimationFrame, request_animation_frame};
use leptos::prelude::*;

/// Calls `act` in the next frame whenever what `track` reads has changed.
pub fn use_frame(track: impl Fn() + 'static, act: impl Fn() + Clone + 'static) {
    // gloo's handle cancels the frame before when it is replaced.
    let frame: Rc<RefCell<Option<AnimationFrame>>> = Rc::default();
    Effect::new(move || {
        track();
        let act = act.clone();
        frame.replace(Some(request_animation_frame(move |_| act())));
    });
}
