//! The image that the chapters hand to the models.

use leptos::prelude::*;

use crate::protocol::Image;

/// What the models get of the drawing; shared by the chapters. Provided as a context.
#[derive(Clone, Copy)]
pub struct ModelInput(pub RwSignal<Option<Image>>);
