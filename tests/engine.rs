//! The engine without a worker: what it answers, and what it refuses.

mod support;

use bottleneck::data::PIXELS;
use bottleneck::data::dataset::Dataset;
use bottleneck::engine::Engine;
use bottleneck::protocol::{
    Asset, Command, Decode, DecodeSweep, EngineError, GetGallery, GetShape, GetTestDigit, GetViews, ListSaved, ModelId,
    Noise, Reconstruct, Reconstruction, Sweep, Traversal, Traverse,
};
use bottleneck::training::Catalogue;
use bottleneck::weights::{Precision, WeightsError, read_metadata, read_tensors, write};
use burn::tensor::{Device, TensorData};
use futures::executor::block_on;
use support::{DENOISING, LINEAR, VAE, VAE_CODE, digits, engine, file, request};

const NO_NOISE: Noise = Noise { sigma: 0.0, dropout: 0.0, seed: 0 };

fn test_digit(engine: &Engine, digit: u8) -> Vec<u8> {
    request(engine, GetTestDigit { digit, nth: 3 }).expect("a test digit")
}

#[test]
fn nothing_is_answered_before_it_is_loaded() {
    let engine = Engine::new(Device::flex(), Catalogue::all());
    let code = vec![0.0; VAE_CODE];
    assert_eq!(
        request(&engine, Decode { model: VAE, codes: vec![code] }),
        Err(EngineError::NotLoaded(Asset::Weights(VAE)))
    );
    assert_eq!(request(&engine, GetTestDigit { digit: 3, nth: 0 }), Err(EngineError::NotLoaded(Asset::TestDigits)));
}

#[test]
fn pictures_take_the_test_digits_and_measures_the_test_set() {
    let mut engine = Engine::new(Device::flex(), Catalogue::all());
    engine.load_weights(LINEAR, &file("models/linear.safetensors")).expect("good weights");
    let (gallery, views) = (GetGallery { model: LINEAR }, GetViews { model: LINEAR });
    assert_eq!(request(&engine, gallery.clone()), Err(EngineError::NotLoaded(Asset::TestDigits)));
    engine.use_test_digits(digits("test-digits"));
    assert_eq!(request(&engine, gallery).expect("a gallery").originals.len(), 10);
    assert_eq!(request(&engine, views.clone()), Err(EngineError::NotLoaded(Asset::TestSet)));
    engine.use_test_set(digits("t10k"));
    assert!(request(&engine, views).is_ok());
}

/// A link to it holds for good.
#[test]
fn a_test_digit_is_the_same_whatever_else_is_loaded() {
    let mut engine = Engine::new(Device::flex(), Catalogue::all());
    engine.use_test_digits(digits("test-digits"));
    let ask = |engine: &Engine| -> Vec<_> {
        let requests = [0, 17, 45, 55].map(|nth| GetTestDigit { digit: 4, nth });
        requests.map(|get| request(engine, get).expect("a test digit")).to_vec()
    };
    let before = ask(&engine);
    engine.use_test_set(digits("t10k"));
    assert_eq!(ask(&engine), before);
    let set = digits("t10k");
    let fours: Vec<usize> = (0..500).filter(|&number| set.label(number) == Some(4)).collect();
    assert_eq!(before[1], set.images.pixels(fours[17]));
    assert_eq!((fours.len(), &before[3]), (55, &before[0]), "counted round");
}

#[test]
fn a_digit_comes_back_like_itself_and_denoised() {
    let engine = engine();
    for digit in 0..10 {
        let image = test_digit(&engine, digit);
        for (model, noise, bar) in [
            (VAE, NO_NOISE, 0.04),
            (DENOISING, NO_NOISE, 0.01),
            (DENOISING, Noise { sigma: 0.5, dropout: 0.0, seed: 1 }, 0.03),
        ] {
            let reconstruction = request(&engine, Reconstruct { model, image: image.clone(), noise });
            let Reconstruction { input, input_error, output, output_error, code } =
                reconstruction.expect("a reconstruction");
            let difference = |other: &[u8]| {
                let squares = image.iter().zip(other).map(|(&a, &b)| ((f32::from(a) - f32::from(b)) / 255.0).powi(2));
                squares.sum::<f32>() / PIXELS as f32
            };
            assert_eq!(input == image, noise == NO_NOISE);
            assert_eq!(input_error == 0.0, noise == NO_NOISE);
            assert!((difference(&output) - output_error).abs() < 1e-4, "the error is that of the picture");
            assert!(output_error < bar, "{model:?} {noise:?} {digit}: {output_error}");
            assert_eq!(code.len(), request(&engine, GetShape { model, settings: None }).expect("a shape").code());
        }
    }
}

#[test]
fn a_plane_and_a_path_hold_what_their_points_decode_to() {
    let engine = engine();
    let code: Vec<f32> = (0..VAE_CODE).map(|dimension| (dimension as f32 * 0.7).sin()).collect();
    let decoded = |code: &[f32]| -> Vec<u8> {
        request(&engine, Decode { model: VAE, codes: vec![code.to_vec()] }).expect("an image").remove(0)
    };
    let close = |a: &[u8], b: &[u8]| a.iter().zip(b).all(|(a, b)| a.abs_diff(*b) <= 1);

    let sweep = Sweep { dimensions: [4, 7], side: 15, extent: 3.0 };
    let images = request(&engine, DecodeSweep { model: VAE, code: code.clone(), sweep }).expect("a sweep");
    assert_eq!(images.len(), 225);
    let mut corner = code.clone();
    (corner[4], corner[7]) = (3.0, -3.0);
    assert!(close(&images[224], &decoded(&corner)), "the last cell is at the right and the bottom");

    let traversal = request(&engine, Traverse { model: VAE, code: code.clone(), extent: 3.0 });
    let Traversal { low, high } = traversal.expect("a traversal");
    assert_eq!((low.len(), high.len()), (VAE_CODE, VAE_CODE));
    let mut moved = code.clone();
    moved[5] = -3.0;
    assert!(close(&low[5], &decoded(&moved)));
    moved[5] = 3.0;
    assert!(close(&high[5], &decoded(&moved)));
}

#[test]
fn malformed_commands_are_refused() {
    let engine = engine();
    let model = VAE;
    let code = vec![0.0; VAE_CODE];
    let sweep = Sweep { dimensions: [0, VAE_CODE], side: 15, extent: 3.0 };
    let point = Sweep { dimensions: [0, 1], side: 1, extent: 3.0 };
    let commands: [Command; 9] = [
        GetTestDigit { digit: 10, nth: 0 }.into(),
        Reconstruct { model, image: vec![0; PIXELS - 1], noise: NO_NOISE }.into(),
        Decode { model, codes: vec![vec![0.0; VAE_CODE], vec![0.0; VAE_CODE - 1]] }.into(),
        Decode { model, codes: vec![vec![f32::NAN; VAE_CODE]] }.into(),
        Decode { model, codes: vec![] }.into(),
        DecodeSweep { model, code: code.clone(), sweep }.into(),
        DecodeSweep { model, code: code.clone(), sweep: point }.into(),
        Traverse { model, code: vec![], extent: 3.0 }.into(),
        ListSaved {}.into(),
    ];
    for command in commands {
        let refused = block_on(engine.answer(command.clone()));
        assert!(matches!(refused, Err(EngineError::Malformed(_))), "{command:?}: {refused:?}");
    }
    let unknown = ModelId::named("none of ours");
    assert_eq!(engine.plan(unknown, "{}").err(), Some(EngineError::UnknownModel(unknown)));
}

#[test]
fn bad_weights_leave_the_model_in_use() {
    let mut engine = engine();
    let decode = Decode { model: VAE, codes: vec![vec![0.5; VAE_CODE]] };
    let before = request(&engine, decode.clone());
    let file = file("models/vae.safetensors");
    let cut = engine.load_weights(VAE, &file[..file.len() / 2]);
    let is_truncated = |error: &EngineError| {
        matches!(error, EngineError::Weights { model: VAE, error: WeightsError::Truncated { .. } })
    };
    assert!(cut.as_ref().is_err_and(is_truncated), "{cut:?}");
    let other = engine.load_weights(DENOISING, &file);
    assert!(other.is_err(), "the weights of another model");
    assert_eq!(request(&engine, decode), before);
}

/// A wrong device is simulated by other weights on it than on the CPU.
#[test]
fn other_answers_than_the_cpus_are_found_out() {
    let mut engine = Engine::new(Device::flex(), Catalogue::all());
    assert!(block_on(engine.verify_device()).is_ok(), "the CPU agrees with itself");
    for entry in Catalogue::all().entries() {
        // Untrained, so that its outputs are close together.
        let model = entry.id();
        let right = block_on(entry.initialise(&Device::flex()).to_file(Precision::Single)).expect("weights of the CPU");
        engine.load_weights(model, &right).expect("good weights");
        assert_eq!(block_on(engine.verify_weights(model, &right)), Ok(()));
        let (tensors, metadata) = (read_tensors(&right), read_metadata(&right).expect("good weights"));
        let tensors = tensors.expect("good weights");
        // Codes are means: no variance has a part in them; and what is untrained is far above most thresholds.
        let mut names = tensors.keys().filter(|name| !name.contains("variance") && *name != "threshold");
        for name in [names.next(), names.next_back()].into_iter().flatten() {
            // Every other number half of the largest away, the first too: it may be alone.
            let values: Vec<f32> = tensors[name].iter().collect();
            let change = 0.5 * values.iter().fold(0.2_f32, |largest, value| largest.max(value.abs()));
            let wrong: Vec<f32> =
                values.iter().enumerate().map(|(at, value)| value + change * ((at + 1) % 2) as f32).collect();
            let mut tensors = tensors.clone();
            tensors.insert(name.clone(), TensorData::new(wrong, tensors[name].shape().to_vec()));
            let wrong = write(&tensors, Precision::Single, Some(metadata.clone()));
            let outcome = block_on(engine.verify_weights(model, &wrong));
            assert_eq!(outcome, Err(EngineError::WrongAnswers { model }), "{model}: {name}");
        }
    }
}
