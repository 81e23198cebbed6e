//! The engine without a worker: what it answers, and what it refuses.

mod support;

use bottleneck::data::PIXELS;
use bottleneck::engine::Engine;
use bottleneck::protocol::{Answer, Asset, Command, EngineError, ModelId, Noise, Sweep, VARIATIONAL_CODE};
use bottleneck::weights::WeightsError;
use burn::tensor::Device;
use futures::executor::block_on;
use support::{engine, file};

const NO_NOISE: Noise = Noise { sigma: 0.0, dropout: 0.0, seed: 0 };

fn answer(engine: &Engine, command: Command) -> Result<Answer, EngineError> {
    block_on(engine.answer(command))
}

fn test_digit(engine: &Engine, digit: u8) -> Vec<u8> {
    match answer(engine, Command::TestDigit { digit, nth: 3 }) {
        Ok(Answer::TestDigit { image }) => image,
        other => panic!("{other:?}"),
    }
}

#[test]
fn nothing_is_answered_before_it_is_loaded() {
    let engine = Engine::new(Device::flex());
    let code = vec![0.0; VARIATIONAL_CODE];
    assert_eq!(
        answer(&engine, Command::Decode { model: ModelId::Vae, codes: vec![code] }),
        Err(EngineError::NotLoaded(Asset::Weights(ModelId::Vae)))
    );
    assert_eq!(answer(&engine, Command::TestDigit { digit: 3, nth: 0 }), Err(EngineError::NotLoaded(Asset::TestSet)));
}

#[test]
fn a_digit_comes_back_like_itself_and_denoised() {
    let engine = engine();
    for digit in 0..10 {
        let image = test_digit(&engine, digit);
        for (model, noise, bar) in [
            (ModelId::Vae, NO_NOISE, 0.04),
            (ModelId::Denoising, NO_NOISE, 0.01),
            (ModelId::Denoising, Noise { sigma: 0.5, dropout: 0.0, seed: 1 }, 0.03),
        ] {
            let command = Command::Reconstruct { model, image: image.clone(), noise };
            let Ok(Answer::Reconstruct { input, input_error, output, output_error, code }) = answer(&engine, command)
            else {
                panic!("no reconstruction of {digit}");
            };
            let difference = |other: &[u8]| {
                let squares = image.iter().zip(other).map(|(&a, &b)| ((f32::from(a) - f32::from(b)) / 255.0).powi(2));
                squares.sum::<f32>() / PIXELS as f32
            };
            assert_eq!(input == image, noise == NO_NOISE);
            assert_eq!(input_error == 0.0, noise == NO_NOISE);
            assert!((difference(&output) - output_error).abs() < 1e-4, "the error is that of the picture");
            assert!(output_error < bar, "{model:?} {noise:?} {digit}: {output_error}");
            assert!(code.iter().all(|z| z.is_finite()));
        }
    }
}

#[test]
fn a_plane_and_a_path_hold_what_their_points_decode_to() {
    let engine = engine();
    let code: Vec<f32> = (0..VARIATIONAL_CODE).map(|dimension| (dimension as f32 * 0.7).sin()).collect();
    let decoded =
        |code: &[f32]| match answer(&engine, Command::Decode { model: ModelId::Vae, codes: vec![code.to_vec()] }) {
            Ok(Answer::Decode { mut images }) => images.remove(0),
            other => panic!("{other:?}"),
        };
    let close = |a: &[u8], b: &[u8]| a.iter().zip(b).all(|(a, b)| a.abs_diff(*b) <= 1);

    let sweep = Sweep { dimensions: [4, 7], side: 15, extent: 3.0 };
    let command = Command::Sweep { model: ModelId::Vae, code: code.clone(), sweep };
    let Ok(Answer::Sweep { images }) = answer(&engine, command) else { panic!("no sweep") };
    assert_eq!(images.len(), 225);
    let mut corner = code.clone();
    (corner[4], corner[7]) = (3.0, -3.0);
    assert!(close(&images[224], &decoded(&corner)), "the last cell is at the right and the bottom");

    let command = Command::Traverse { model: ModelId::Vae, code: code.clone(), extent: 3.0 };
    let Ok(Answer::Traverse { low, high }) = answer(&engine, command) else { panic!("no traversal") };
    assert_eq!((low.len(), high.len()), (VARIATIONAL_CODE, VARIATIONAL_CODE));
    let mut moved = code.clone();
    moved[5] = -3.0;
    assert!(close(&low[5], &decoded(&moved)));
    moved[5] = 3.0;
    assert!(close(&high[5], &decoded(&moved)));
}

#[test]
fn malformed_commands_are_refused() {
    let engine = engine();
    let model = ModelId::Vae;
    let code = vec![0.0; VARIATIONAL_CODE];
    let sweep = Sweep { dimensions: [0, VARIATIONAL_CODE], side: 15, extent: 3.0 };
    let point = Sweep { dimensions: [0, 1], side: 1, extent: 3.0 };
    for command in [
        Command::TestDigit { digit: 10, nth: 0 },
        Command::Reconstruct { model, image: vec![0; PIXELS - 1], noise: NO_NOISE },
        Command::Decode { model, codes: vec![vec![0.0; VARIATIONAL_CODE], vec![0.0; VARIATIONAL_CODE - 1]] },
        Command::Decode { model, codes: vec![vec![f32::NAN; VARIATIONAL_CODE]] },
        Command::Decode { model, codes: vec![] },
        Command::Sweep { model, code: code.clone(), sweep },
        Command::Sweep { model, code: code.clone(), sweep: point },
        Command::Traverse { model, code: vec![], extent: 3.0 },
    ] {
        let refused = answer(&engine, command.clone());
        assert!(matches!(refused, Err(EngineError::Malformed(_))), "{command:?}: {refused:?}");
    }
}

#[test]
fn bad_weights_leave_the_model_in_use() {
    let mut engine = engine();
    let command = Command::Decode { model: ModelId::Vae, codes: vec![vec![0.5; VARIATIONAL_CODE]] };
    let before = answer(&engine, command.clone());
    let file = file("models/vae.safetensors");
    let cut = engine.load_weights(ModelId::Vae, &file[..file.len() / 2]);
    assert!(matches!(cut, Err(WeightsError::Truncated { .. })), "{cut:?}");
    let other = engine.load_weights(ModelId::Denoising, &file);
    assert!(other.is_err(), "the weights of another model");
    assert_eq!(answer(&engine, command), before);
}
