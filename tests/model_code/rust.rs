//! The programs in Rust compute what the engine computes, and can be trained on.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use bottleneck::protocol::ModelId;
use burn::store::{ModuleSnapshot, SafetensorsStore};
use burn::tensor::{Device, Tensor};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::case::{Case, Outputs, cases, tensor, values};
use crate::programs::{
    adversarial, adversarial_style, classifier, contractive, contractive_stacked, convolutional,
    convolutional_denoising, deep, denoising, gsn, layerwise, linear, sparse, stacked, tied, vae, wta,
    wta_convolutional,
};

/// What a program's model makes of a case's inputs.
macro_rules! outputs {
    ($case:ident, $config:path, |$model:ident, $examples:ident, $noisy:ident, $epsilon:ident| $losses:expr) => {{
        let device = Device::flex().autodiff();
        let config: $config = serde_json::from_value($case.settings["model"].clone()).expect("the model's settings");
        let mut $model = config.init(&device);
        $model.load_from(&mut SafetensorsStore::from_bytes(Some($case.weights.clone()))).expect("the model's weights");
        let [$examples, $noisy, $epsilon] =
            [&$case.inputs.examples, &$case.inputs.noisy, &$case.inputs.epsilon].map(|rows| tensor(rows, &device));
        let codes = $model.encode($examples.clone());
        Outputs {
            rebuilt: values($model.decode(codes.clone())),
            codes: values(codes),
            losses: $losses.into_iter().map(|loss: Tensor<1>| loss.into_scalar()).collect(),
        }
    }};
}

fn outputs(case: &Case) -> Outputs {
    match case.model.name() {
        "contractive" => {
            outputs!(case, contractive::ContractiveConfig, |model, examples, _n, _e| [model.loss(examples)])
        }
        "contractive_stacked" => {
            outputs!(case, contractive_stacked::ContractiveStackedConfig, |model, examples, _n, _e| {
                let steps = case.inputs.chain.get("before").map_or(&[][..], Vec::as_slice);
                let noise = || steps.iter().map(|rows| tensor(rows, &examples.device())).collect::<Vec<_>>();
                let loss = |phase| model.loss(examples.clone(), phase, noise());
                model.phases().into_iter().map(loss).collect::<Vec<_>>()
            })
        }
        "adversarial" => outputs!(case, adversarial::AdversarialConfig, |model, examples, _n, e| {
            let [draws, classes] =
                [&case.inputs.draws, &case.inputs.classes].map(|rows| tensor(rows, &examples.device()));
            [model.loss(examples, e, draws, classes)]
        }),
        "adversarial_style" => outputs!(case, adversarial_style::AdversarialStyleConfig, |model, examples, _n, e| {
            let [draws, classes] =
                [&case.inputs.draws, &case.inputs.classes].map(|rows| tensor(rows, &examples.device()));
            [model.loss(examples, e, draws, classes)]
        }),
        "classifier" => outputs!(case, classifier::ClassifierConfig, |model, examples, _n, _e| {
            use classifier::Phase;
            let phases = match case.settings["model"]["pretraining"].is_null() {
                true => &[Phase::Tuning][..],
                false => &[Phase::Pretraining, Phase::Tuning],
            };
            let classes = tensor(&case.inputs.classes, &examples.device());
            let loss = |&phase| model.loss(examples.clone(), examples.clone(), classes.clone(), phase);
            phases.iter().map(loss).collect::<Vec<_>>()
        }),
        "convolutional" => outputs!(case, convolutional::ConvolutionalConfig, |model, examples, _n, _e| {
            model.phases().iter().map(|&phase| model.loss(examples.clone(), phase)).collect::<Vec<_>>()
        }),
        "convolutional_denoising" => {
            outputs!(case, convolutional_denoising::ConvolutionalDenoisingConfig, |model, examples, noisy, _e| [
                model.loss(noisy, examples)
            ])
        }
        "deep" => outputs!(case, deep::DeepConfig, |model, examples, noisy, _e| {
            let input = if case.settings["recipe"]["corruption"].is_null() { examples.clone() } else { noisy };
            [model.loss(input, examples)]
        }),
        "denoising" => {
            outputs!(case, denoising::DenoisingConfig, |model, examples, noisy, _e| { [model.loss(noisy, examples)] })
        }
        "gsn" => outputs!(case, gsn::GsnConfig, |model, examples, _n, _e| {
            let draws = |step: usize| {
                let draws = |name: &str| tensor(&case.inputs.chain[name][step], &examples.device());
                gsn::Draws {
                    kept: draws("kept"),
                    coins: draws("coins"),
                    before: draws("before"),
                    after: draws("after"),
                    uniform: draws("uniform"),
                }
            };
            let steps = case.inputs.chain["kept"].len();
            [model.loss(examples.clone(), &(0..steps).map(draws).collect::<Vec<_>>())]
        }),
        "layerwise" => outputs!(case, layerwise::LayerwiseConfig, |model, examples, _n, _e| {
            use layerwise::Phase;
            [Phase::Outer, Phase::Inner, Phase::Joint].map(|phase| model.loss(examples.clone(), phase))
        }),
        "linear" => outputs!(case, linear::LinearAutoencoderConfig, |model, examples, _n, _e| [model.loss(examples)]),
        "sparse" => outputs!(case, sparse::SparseConfig, |model, examples, _n, _e| [model.loss(examples)]),
        "stacked" => outputs!(case, stacked::StackedConfig, |model, examples, _n, _e| [model.loss(examples)]),
        "tied" => outputs!(case, tied::TiedConfig, |model, examples, _n, _e| [model.loss(examples)]),
        "wta" => outputs!(case, wta::WinnerTakeAllConfig, |model, examples, _n, _e| [model.loss(examples)]),
        "wta_convolutional" => {
            outputs!(case, wta_convolutional::ConvolutionalWinnerTakeAllConfig, |model, examples, _n, _e| [
                model.loss(examples)
            ])
        }
        "vae" => outputs!(case, vae::VariationalConfig, |model, examples, _n, e| [model.loss(examples, e)]),
        other => panic!("{other} has no program in www/code, or it is not named here"),
    }
}

#[test]
fn every_model_is_the_engines_in_rust() {
    for case in cases() {
        case.compare("Rust", &outputs(&case));
    }
}

/// With the settings that it has as it is, on few digits.
#[test]
fn every_program_runs_and_trains_in_rust() {
    let folder = std::env::temp_dir().join(format!("bottleneck-rust-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    // Programs look for their files where they are started. Nothing else here does.
    std::env::set_current_dir(&folder).unwrap();
    let mut before = ModelId::new("");
    for case in cases() {
        let name = case.model.name();
        // The first preset is the program's.
        if std::mem::replace(&mut before, case.model) == case.model {
            continue;
        }
        put_files(&case, &folder);
        let main = match name {
            "adversarial" => adversarial::main,
            "adversarial_style" => adversarial_style::main,
            "classifier" => classifier::main,
            "contractive" => contractive::main,
            "contractive_stacked" => contractive_stacked::main,
            "convolutional" => convolutional::main,
            "convolutional_denoising" => convolutional_denoising::main,
            "deep" => deep::main,
            "denoising" => denoising::main,
            "gsn" => gsn::main,
            "layerwise" => layerwise::main,
            "linear" => linear::main,
            "sparse" => sparse::main,
            "stacked" => stacked::main,
            "tied" => tied::main,
            "vae" => vae::main,
            "wta" => wta::main,
            "wta_convolutional" => wta_convolutional::main,
            other => panic!("{other} has no program in www/code, or it is not named here"),
        };
        main().unwrap_or_else(|error| panic!("{name}: {error}"));
        case.has_learnt("Rust", &fs::read(format!("{name}_trained.safetensors")).unwrap());
    }
    std::env::set_current_dir(env!("CARGO_MANIFEST_DIR")).unwrap();
    fs::remove_dir_all(&folder).unwrap();
}

/// The weights, the training images and their labels that a program asks for: a few test images, with labels of all classes.
pub fn put_files(case: &Case, folder: &Path) {
    fs::write(folder.join(format!("{}.safetensors", case.model)), &case.weights).unwrap();
    let pixels = case.inputs.examples.concat().into_iter().map(|pixel| (pixel * 255.0).round() as u8);
    let file: Vec<u8> = [0; 16].into_iter().chain(pixels).collect();
    let mut images =
        GzEncoder::new(File::create(folder.join("train-images-idx3-ubyte.gz")).unwrap(), Compression::fast());
    images.write_all(&file).unwrap();
    images.finish().unwrap();
    let labels: Vec<u8> =
        [0; 8].into_iter().chain((0..case.inputs.examples.len()).map(|row| (row % 10) as u8)).collect();
    let mut file =
        GzEncoder::new(File::create(folder.join("train-labels-idx1-ubyte.gz")).unwrap(), Compression::fast());
    file.write_all(&labels).unwrap();
    file.finish().unwrap();
}

/// The noise is as strong as the engine's: E|noisy - x|^2 of an image of constant x.
#[test]
fn noise_is_as_strong_as_the_settings_say_in_rust() {
    const X: f64 = 0.5;
    for case in cases().into_iter().filter(|case| case.model.name() == "denoising") {
        let corruption: denoising::Corruption =
            serde_json::from_value(case.settings["recipe"]["corruption"].clone()).unwrap();
        let images = Tensor::<2>::full([4_000, 50], X, &Device::flex());
        let found: f64 = (corruption.apply(images) - X).square().mean().into_scalar();
        let denoising::Corruption { sigma, dropout, varied, gaussian, masking, both } = corruption;
        // Over the strength, in 1,000 steps.
        let mean = |f: &dyn Fn(f64) -> f64| match varied {
            true => (0..1_000).map(|n| f((f64::from(n) + 0.5) / 1_000.0)).sum::<f64>() / 1_000.0,
            false => f(1.0),
        };
        let variance = |half: f64| mean(&|share| (half * sigma * share).powi(2));
        let scale = |half: f64| mean(&|share| 1.0 / (1.0 - half * dropout * share));
        // Masking keeps x / (1 - p) with probability 1 - p, so that E y^2 is (x^2 + sigma^2) / (1 - p), and E y is x.
        let expected = gaussian * variance(1.0)
            + masking * X * X * (scale(1.0) - 1.0)
            + both * ((X * X + variance(0.5)) * scale(0.5) - X * X);
        assert!((found / expected - 1.0).abs() < 0.1, "{}: {found}, not {expected}", case.preset);
    }
}
