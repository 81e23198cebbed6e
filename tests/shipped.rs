//! The committed weights load and are as good as they must be, on the first 1,000 test images; `make evaluate` takes all.

use std::path::Path;

use bottleneck::analysis::histogram::HISTOGRAM_BINS;
use bottleneck::analysis::principal::PrincipalComponents;
use bottleneck::cli::figures::PCA_SQUARED_ERROR;
use bottleneck::cli::files::{Files, digits};
use bottleneck::cli::principal;
use bottleneck::data::dataset::{Dataset, gather};
use bottleneck::models::Autoencoder;
use bottleneck::models::autoencoder::Baseline;
use bottleneck::models::catalogue::ModelVisitor;
use bottleneck::models::source::Source;
use bottleneck::protocol::ModelId;
use bottleneck::protocol::comparison::{ComparedRun, Comparison};
use bottleneck::training::evaluation::evaluate;
use bottleneck::weights;
use burn::tensor::{Device, Tensor, TensorData};
use futures::executor::block_on;

/// The first 1,000 test images are sloppier than the rest: figures on them may be past the bar by this factor.
const SLACK: f64 = 1.1;

fn files(model: ModelId) -> Files {
    Files::new(model, Path::new("www/data/mnist"), Path::new("www/models"), Path::new("runs"))
}

struct Check;

impl ModelVisitor for Check {
    type Output = ();

    fn visit<M: Autoencoder>(self) {
        let name = M::ID.name();
        let files = files(M::ID);
        let card = files.read_card().unwrap();
        let config: M::Config = serde_json::from_value(card.config).unwrap();
        assert_eq!(
            serde_json::to_value(&config).unwrap(),
            serde_json::to_value(M::Config::default()).unwrap(),
            "{name}: the default sizes are shipped"
        );
        assert_eq!(M::source(&config), Source::Digits, "{name}");
        let bytes = files.read_weights().unwrap();
        assert!(bytes.len() < 8_000_000, "{name}: {} bytes", bytes.len());
        let (model, told) = weights::load_own::<M>(&bytes, &Device::flex()).unwrap();
        assert_eq!(
            serde_json::to_value(&told).unwrap(),
            serde_json::to_value(&config).unwrap(),
            "{name}: file and card agree"
        );
        assert_eq!(model.num_params(), card.parameters, "{name}");

        for benchmark in M::benchmarks() {
            let told = card.metrics[benchmark.name];
            assert!(benchmark.is_met(told, 1.0), "{name}, {}: the card says {told}", benchmark.name);
        }
        let codes_are_smaller = M::code_width(&config) < M::input_width(&config);
        assert_eq!(card.metrics.contains_key(PCA_SQUARED_ERROR), codes_are_smaller, "{name}");

        let images = files.test_images().unwrap().slice(0..1_000);
        let figures = block_on(evaluate(&model, &config, &images)).unwrap();
        for (figure, value) in &figures {
            assert!(card.metrics.contains_key(figure), "{name}: the card has no {figure}");
            let benchmark = M::benchmarks().into_iter().find(|benchmark| benchmark.name == figure);
            assert!(benchmark.is_none_or(|benchmark| benchmark.is_met(*value, SLACK)), "{name}, {figure}: {value}");
        }
    }
}

#[test]
fn every_model_is_as_good_as_it_must_be() {
    ModelId::ALL.into_iter().for_each(|model| model.visit(Check));
}

#[test]
fn principal_components_have_the_errors_known() {
    let file = std::fs::read(Path::new("www/models").join(principal::FILE)).unwrap();
    let device = Device::flex();
    let pca = weights::load(PrincipalComponents::init(&device), &file).unwrap();
    let test = digits(Path::new("www/data/mnist")).unwrap().test;
    let shape = [test.count(), test.width()];
    let images = Tensor::<2>::from_data(TensorData::new(gather(&test, 0..test.count()), shape), &device);
    for (count, expected) in [(2, 0.05566), (30, 0.01768), (150, 0.00342)] {
        let codes = pca.encode(images.clone(), count);
        assert_eq!(codes.dims(), [test.count(), count]);
        let found: f32 = (pca.decode(codes) - images.clone()).square().mean().into_scalar();
        assert!((f64::from(found) / expected - 1.0).abs() < 2e-3, "{count} components: {found}");
    }
}

struct CheckComparison;

impl ModelVisitor for CheckComparison {
    type Output = ();

    fn visit<M: Autoencoder>(self) {
        let baselines = M::baselines();
        let comparison = files(M::ID).read_comparisons().unwrap().remove(&M::ID);
        assert_eq!(comparison.is_some(), !baselines.is_empty(), "{}", M::ID.name());
        let Some(Comparison { runs, .. }) = comparison else { return };
        assert_eq!(baselines[0].model, M::ID, "the model is the first of those that it is compared with");
        assert_eq!(runs.len(), baselines.len(), "{}", M::ID.name());
        for (run, baseline) in runs.iter().zip(baselines) {
            baseline.model.visit(CheckRun { run, baseline });
        }
    }
}

struct CheckRun<'a> {
    run: &'a ComparedRun,
    baseline: Baseline,
}

impl ModelVisitor for CheckRun<'_> {
    type Output = ();

    fn visit<M: Autoencoder>(self) {
        let CheckRun { run, baseline } = self;
        assert_eq!((run.model, run.preset.as_str()), (baseline.model, baseline.preset));
        let label = format!("{} {}", M::ID.name(), run.preset);
        let preset = M::presets().into_iter().find(|preset| preset.name == run.preset).expect(&label);
        assert_eq!(run.parameters, M::init(&preset.config, &Device::flex()).num_params(), "{label}");
        assert_eq!(run.epochs, baseline.epochs * M::phases(&preset.config), "{label}");
        assert_eq!(run.squared_errors.len(), run.epochs, "{label}");
        assert!(run.squared_errors.iter().all(|error| error.is_finite()), "{label}: {:?}", run.squared_errors);
        let last = run.squared_errors[run.epochs - 1];
        assert!(0.0 < last && last < 0.04, "{label}: {last}");
        assert!(run.seconds.is_finite(), "{label}");
        if M::has_activations() {
            assert_eq!(run.activations.len(), HISTOGRAM_BINS, "{label}");
            let sum: f64 = run.activations.iter().sum();
            assert!((sum - 1.0).abs() < 1e-9, "{label}: all shares are {sum}");
        } else {
            assert!(run.activations.is_empty(), "{label}");
        }
    }
}

#[test]
fn comparisons_are_of_all_contenders() {
    ModelId::ALL.into_iter().for_each(|model| model.visit(CheckComparison));
}

#[test]
fn cross_entropy_is_ahead_of_the_squared_error_after_each_epoch() {
    let runs =
        files(ModelId::Sparse).read_comparisons().unwrap().remove(&ModelId::Sparse).expect("it is compared").runs;
    let [ahead, behind] = ["cross_entropy", "squared_error"].map(|name| {
        let run = runs.iter().find(|run| run.preset == name).expect(name);
        &run.squared_errors
    });
    for (epoch, (ahead, behind)) in ahead.iter().zip(behind).enumerate() {
        assert!(ahead < behind, "after epoch {}: {ahead} and {behind}", epoch + 1);
    }
}
