//! The committed weights load and are as good as they must be, on the first 1,000 test images; `make evaluate` takes all.

use std::path::Path;

use bottleneck::models::Autoencoder;
use bottleneck::models::catalogue::{ModelId, ModelVisitor};
use bottleneck::models::weights;
use bottleneck::training::evaluation::evaluate;
use bottleneck::training::native::files::Files;
use burn::tensor::Device;
use futures::executor::block_on;

/// The first 1,000 test images are sloppier than the rest: figures on them may exceed the bar by this share.
const SLACK: f64 = 1.1;

struct Check;

impl ModelVisitor for Check {
    type Output = ();

    fn visit<M: Autoencoder>(self) {
        let files = Files::new(M::ID, Path::new("www/data/mnist"), Path::new("www/models"), Path::new("runs"));
        let card = files.read_card().unwrap();
        let config: M::Config = serde_json::from_value(card.config).unwrap();
        assert_eq!(
            serde_json::to_value(&config).unwrap(),
            serde_json::to_value(M::Config::default()).unwrap(),
            "the engine loads the default size"
        );
        let bytes = files.read_weights().unwrap();
        assert!(bytes.len() < 8_000_000, "{} bytes", bytes.len());
        let model: M = weights::load(M::init(&config, &Device::flex()), &bytes).unwrap();
        assert_eq!(model.num_params(), card.parameters);

        let images = files.test_images().unwrap().slice(0..1_000);
        let figures = block_on(evaluate(&model, &config, &images)).unwrap();
        assert_eq!(figures.keys().collect::<Vec<_>>(), card.metrics.keys().collect::<Vec<_>>());
        for benchmark in M::benchmarks() {
            let Some(bar) = benchmark.at_most else { continue };
            let (told, found) = (card.metrics[benchmark.name], figures[benchmark.name]);
            assert!(told <= bar, "{}: the card says {told}", benchmark.name);
            assert!(found <= SLACK * bar, "{}: {found}", benchmark.name);
        }
    }
}

#[test]
fn vae_is_as_good_as_it_must_be() {
    ModelId::Vae.visit(Check);
}

#[test]
fn denoising_is_as_good_as_it_must_be() {
    ModelId::Denoising.visit(Check);
}
