//! What an engine keeps of passes over the test images: a layer with its weights, and a pass that was left.

mod support;

use std::cell::{Cell, RefCell};
use std::future::pending;
use std::rc::Rc;

use bottleneck::engine::Engine;
use bottleneck::protocol::{GetCodeMap, GetTestErrors, GetTopImages};
use bottleneck::weights::{Precision, read_metadata, read_tensors, write};
use burn::tensor::TensorData;
use futures::FutureExt;
use support::{IMAGES, LINEAR, STACKED, engine_with_part_of_test_set as engine, file, request};

/// Another run's weights are another model's inside.
#[test]
fn what_is_kept_of_a_layer_goes_with_its_weights() {
    let mut engine = engine(&[LINEAR]);
    let get = GetTopImages { model: LINEAR, layer: 1, unit: 0, count: 3 };
    let before = request(&engine, get.clone()).expect("images");
    let weights = file("models/linear.safetensors");
    let mut tensors = read_tensors(&weights).expect("good weights");
    let bias: Vec<f32> = tensors["encoder.bias"].iter::<f32>().map(|value| value + 1.0).collect();
    tensors.insert("encoder.bias".to_string(), TensorData::new(bias, [2]));
    let other = write(&tensors, Precision::Single, Some(read_metadata(&weights).expect("good weights")));
    engine.load_weights(LINEAR, &other).expect("good weights");
    let after = request(&engine, get).expect("images");
    assert!((after.mean - before.mean - 1.0).abs() < 1e-4, "{} and {}", after.mean, before.mean);
}

#[test]
fn another_unit_of_a_layer_takes_no_test_image_again() {
    let mut engine = engine(&[LINEAR, STACKED]);
    let passes = Rc::new(Cell::new(0));
    let count = Rc::clone(&passes);
    engine.on_progress(move |done, all| {
        count.set(count.get() + u32::from(done == all));
        Box::pin(async {})
    });
    let passes_for = |model, layer, unit| {
        request(&engine, GetTopImages { model, layer, unit, count: 3 }).expect("images");
        passes.take()
    };
    let first = passes_for(STACKED, 1, 0);
    let again = passes_for(STACKED, 1, 1);
    assert_eq!(
        first - again,
        1,
        "of {first} passes over the test images the next unit needs all but that of its layer"
    );
    assert_eq!(passes_for(STACKED, 2, 0), first, "another layer");
    assert_eq!(passes_for(LINEAR, 1, 0), first, "another model");
    assert_eq!(passes_for(LINEAR, 1, 1), again);
}

/// A worker leaves an answer between two batches for what a person waits for, and asks for it again.
#[test]
fn a_pass_over_the_test_images_that_was_left_goes_on_where_it_was() {
    let (is_left, reported) = (Rc::new(Cell::new(true)), Rc::new(RefCell::new(Vec::new())));
    let mut left = engine(&[LINEAR, STACKED]);
    left.on_progress({
        let (is_left, reported) = (Rc::clone(&is_left), Rc::clone(&reported));
        move |done, _| {
            reported.borrow_mut().push(done);
            if is_left.get() { Box::pin(pending()) } else { Box::pin(async {}) }
        }
    });
    let leave = |model| {
        is_left.set(true);
        assert!(left.answer(GetTestErrors { model }.into()).now_or_never().is_none(), "it waits in its first batch");
        is_left.set(false);
        reported.take()
    };
    let whole = |model| request(&engine(&[LINEAR, STACKED]), GetTestErrors { model }).expect("errors");
    let batch = leave(LINEAR);
    assert!(batch.len() == 1 && batch[0] < IMAGES as u32, "{batch:?}");
    assert_eq!(request(&left, GetTestErrors { model: LINEAR }), Ok(whole(LINEAR)));
    assert_eq!(reported.take(), [IMAGES as u32], "the rest alone");

    // Of another layer, or another model's, nothing is taken over.
    leave(STACKED);
    let codes = |engine: &Engine| request(engine, GetCodeMap { model: LINEAR }).expect("a map");
    assert_eq!(codes(&left).points, codes(&engine(&[LINEAR])).points);
    assert_eq!(reported.take(), [batch[0], IMAGES as u32]);
    assert_eq!(request(&left, GetTestErrors { model: STACKED }), Ok(whole(STACKED)));
    assert_eq!(reported.take(), [batch[0], IMAGES as u32]);
}
