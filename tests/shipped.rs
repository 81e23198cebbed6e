//! The committed weights load and are as good as they must be, on the first 1,000 test images; `make evaluate` takes all.

use std::collections::BTreeSet;
use std::path::Path;
use std::rc::Rc;

use bottleneck::analysis::histogram::HISTOGRAM_BINS;
use bottleneck::analysis::principal::PrincipalComponents;
use bottleneck::cli::figures::{CLASSIFIER_ERROR, PCA_CLASSIFIER_ERROR, PCA_SQUARED_ERROR, PIXELS_CLASSIFIER_ERROR};
use bottleneck::cli::files::{Files, digits};
use bottleneck::cli::{pretraining, principal};
use bottleneck::data::dataset::{Dataset, gather};
use bottleneck::models::lesson::{Baseline, Measure};
use bottleneck::protocol::{
    CodeKind, ComparedRun, Comparison, ExampleKind, ModelId, PretrainingPoint, PretrainingResults,
};
use bottleneck::training::evaluation::evaluate;
use bottleneck::training::{Catalogue, Entry};
use bottleneck::weights;
use burn::tensor::{Device, Tensor, TensorData};
use futures::executor::block_on;
use serde_json::Value;

/// The first 1,000 test images are sloppier than the rest: figures on them may be past the bar by this factor.
const SLACK: f64 = 1.1;

fn files(model: ModelId) -> Files {
    Files::new(model, Path::new("www/data/mnist"), Path::new("www/models"), Path::new("runs"))
}

/// The share of the test images that a linear classifier on the codes takes for another digit, by NumPy; it is known of weights that
/// were not trained anew.
fn linear_classifier(model: &str) -> Option<f64> {
    [("stacked", 0.120), ("tied", 0.119), ("deep", 0.133), ("denoising", 0.033), ("vae", 0.161)]
        .into_iter()
        .find_map(|(name, error)| (name == model).then_some(error))
}

#[test]
fn every_model_is_as_good_as_it_must_be() {
    let (_, test) = digits(Path::new("www/data/mnist")).unwrap();
    let images = test.slice(0..1_000);
    for entry in Catalogue::all().entries() {
        let name = entry.id().name();
        let files = files(entry.id());
        let card = files.read_card().unwrap();
        let bytes = files.read_weights().unwrap();
        assert!(bytes.len() < 4_000_000, "{name}: {} bytes", bytes.len());
        let model = entry.load(&bytes, &Device::flex()).unwrap();
        let settings = |json: &str| -> Value { serde_json::from_str(json).unwrap() };
        let shipped = settings(&entry.describe().presets[0].settings);
        assert_eq!(
            settings(&model.origin().settings)["model"],
            shipped["model"],
            "{name}: the first preset is shipped"
        );
        assert_eq!(card.config, shipped["model"], "{name}: file and card agree");
        assert_eq!(model.shape().examples, ExampleKind::Digits, "{name}");
        assert_eq!((model.id(), model.parameters()), (entry.id(), card.parameters), "{name}");

        let benchmarks = entry.benchmarks();
        for benchmark in &benchmarks {
            let told = card.metrics[benchmark.name];
            assert!(benchmark.is_met(told, 1.0), "{name}, {}: the card says {told}", benchmark.name);
        }
        let rebuilds = benchmarks.iter().any(|benchmark| matches!(benchmark.measure, Measure::SquaredError { .. }));
        let is_compared = rebuilds && model.shape().code() < model.shape().input();
        for figure in [PCA_SQUARED_ERROR, PCA_CLASSIFIER_ERROR] {
            assert_eq!(card.metrics.contains_key(figure), is_compared, "{name}: {figure}");
        }
        for (figure, expected) in [(CLASSIFIER_ERROR, linear_classifier(name)), (PIXELS_CLASSIFIER_ERROR, Some(0.138))]
        {
            let told = card.metrics.get(figure);
            assert_eq!(told.is_some(), rebuilds, "{name}: {figure}");
            let pairs = told.zip(expected);
            assert!(
                pairs.is_none_or(|(told, expected)| (told - expected).abs() < 0.0015),
                "{name}, {figure}: {told:?}"
            );
        }

        for (figure, value) in &block_on(evaluate(&*model, &benchmarks, &images)).unwrap() {
            assert!(card.metrics.contains_key(figure), "{name}: the card has no {figure}");
            let benchmark = benchmarks.iter().find(|benchmark| benchmark.name == figure);
            assert!(benchmark.is_none_or(|benchmark| benchmark.is_met(*value, SLACK)), "{name}, {figure}: {value}");
        }
    }
}

#[test]
fn principal_components_have_the_errors_known() {
    let file = std::fs::read(Path::new("www/models").join(principal::FILE)).unwrap();
    let device = Device::flex();
    let pca = weights::load(PrincipalComponents::init(&device), &file).unwrap();
    let test = digits(Path::new("www/data/mnist")).unwrap().1;
    let shape = [test.count(), test.width()];
    let images = Tensor::<2>::from_data(TensorData::new(gather(&test, 0..test.count()), shape), &device);
    for (count, unclipped, clipped) in [(2, 0.05566, 0.05547), (30, 0.01768, 0.01605), (150, 0.00342, 0.00273)] {
        let codes = pca.encode(images.clone(), count);
        assert_eq!(codes.dims(), [test.count(), count]);
        let outputs = pca.decode(codes);
        for (outputs, expected) in [(outputs.clone(), unclipped), (outputs.clamp(0.0, 1.0), clipped)] {
            let found: f32 = (outputs - images.clone()).square().mean().into_scalar();
            assert!((f64::from(found) / expected - 1.0).abs() < 2e-3, "{count} components: {found}");
        }
    }
}

#[test]
fn comparisons_are_of_all_baselines() {
    let catalogue = Catalogue::all();
    for entry in catalogue.entries() {
        let (name, baselines) = (entry.id().name(), entry.baselines());
        let comparison = files(entry.id()).read_comparisons().unwrap().remove(&entry.id());
        assert_eq!(comparison.is_some(), !baselines.is_empty(), "{name}");
        let Some(Comparison { runs, .. }) = comparison else { continue };
        assert_eq!(baselines[0].model, entry.id(), "the model is the first of those that it is compared with");
        assert_eq!(runs.len(), baselines.len(), "{name}");
        for (run, baseline) in runs.iter().zip(baselines) {
            check(run, baseline, catalogue.get(baseline.model).expect("a baseline is a model"));
        }
    }
}

fn check(run: &ComparedRun, baseline: Baseline, entry: &dyn Entry) {
    assert_eq!((run.model, run.preset.as_str()), (baseline.model, baseline.preset));
    let label = format!("{} {}", entry.id(), run.preset);
    let preset = entry.describe().presets.into_iter().find(|preset| preset.name == run.preset).expect(&label);
    let mut settings: Value = serde_json::from_str(&preset.settings).unwrap();
    settings["recipe"]["epochs"] = baseline.epochs.into();
    let (train, _) = digits(Path::new("www/data/mnist")).unwrap();
    let begun = entry.plan(&settings.to_string()).unwrap().begin(Rc::new(train), &Device::flex()).unwrap();
    assert_eq!((run.parameters, run.epochs), (begun.trained().parameters(), begun.progress().epochs), "{label}");
    assert_eq!(run.squared_errors.len(), run.epochs, "{label}");
    let bins = if preset.shape.codes == CodeKind::Activations { HISTOGRAM_BINS } else { 0 };
    assert_eq!(run.activations.len(), bins, "{label}");
}

/// What `make pretraining` measured is all that it measures, each point once, by settings that make a run; it holds the figures to their
/// bars itself.
#[test]
fn pretraining_is_measured_with_every_number_of_labels() {
    let file = std::fs::read(Path::new("www/models").join(pretraining::FILE)).unwrap();
    let PretrainingResults { points, .. } = serde_json::from_slice(&file).unwrap();
    let catalogue = Catalogue::all();
    let entry = catalogue.get(ModelId::new("classifier")).expect("a classifier");
    let presets = entry.describe().presets;
    let mut seen = BTreeSet::new();
    for PretrainingPoint { preset, labels, tries, accuracies } in &points {
        let label = format!("{preset} with {labels} labels");
        assert!(seen.insert((preset, labels)), "{label}: twice");
        assert!(pretraining::LABELS.iter().any(|(known, ..)| known == labels), "{label}");
        let preset = presets.iter().find(|known| known.name == *preset).expect(&label);
        for tried in tries {
            let mut settings: Value = serde_json::from_str(&preset.settings).unwrap();
            let recipe = &mut settings["recipe"];
            (recipe["examples"], recipe["epochs"]) = ((*labels).into(), tried.epochs.into());
            (recipe["batch"], recipe["learning_rate"]) = (tried.batch.into(), tried.learning_rate.into());
            assert!(entry.plan(&settings.to_string()).is_ok(), "{label}: {tried:?}");
        }
        assert_eq!(tries.len(), 4, "{label}: as many tries for each");
        assert!(accuracies.keys().copied().eq(pretraining::SEEDS), "{label}: {accuracies:?}");
    }
    assert_eq!(points.len(), presets.len() * pretraining::LABELS.len());
}
