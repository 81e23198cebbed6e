//! Weights files: what is written is read again, and what cannot be used is refused.

use bottleneck::models::denoising::Denoising;
use bottleneck::models::variational::{Variational, VariationalConfig};
use bottleneck::weights::{
    Precision, Tensors, WeightsError, collect, load, load_own, metadata, read_tensors, to_bytes, write,
};
use burn::tensor::{Device, TensorData};
use futures::executor::block_on;
use serde_json::{Value, json};

fn config() -> VariationalConfig {
    VariationalConfig::new().with_input(12).with_hidden(vec![7, 5]).with_code(3)
}

fn model() -> Variational {
    config().init(&Device::flex())
}

fn values(model: &Variational) -> Vec<(String, Vec<f32>)> {
    let tensors = block_on(collect(model)).unwrap();
    tensors.into_iter().map(|(name, data)| (name, data.iter().collect())).collect()
}

/// The file of a model with one thing changed.
fn changed(change: impl FnOnce(&mut Tensors)) -> Vec<u8> {
    let mut tensors = block_on(collect(&model())).unwrap();
    change(&mut tensors);
    write(&tensors, Precision::Single, None)
}

fn refusal(file: &[u8]) -> WeightsError {
    load(model(), file).unwrap_err()
}

#[test]
fn single_precision_comes_back_as_it_was() {
    let before = model();
    let file = block_on(to_bytes(&before, Precision::Single, None)).unwrap();
    let after = load(model(), &file).unwrap();
    assert_eq!(values(&before), values(&after));
    assert_ne!(values(&before), values(&model()));
}

#[test]
fn half_precision_comes_back_rounded() {
    let before = model();
    let single = block_on(to_bytes(&before, Precision::Single, None)).unwrap();
    let half = block_on(to_bytes(&before, Precision::Half, None)).unwrap();
    assert!(half.len() < single.len());
    for ((name, before), (_, after)) in values(&before).iter().zip(values(&load(model(), &half).unwrap())) {
        for (before, after) in before.iter().zip(after) {
            assert!((before - after).abs() <= before.abs() / 2048.0 + 1e-7, "{name}: {before} became {after}");
        }
    }
}

#[test]
fn tensors_are_named_by_their_path_and_are_inputs_by_outputs() {
    let tensors = read_tensors(&block_on(to_bytes(&model(), Precision::Half, None)).unwrap()).unwrap();
    let names: Vec<&str> = tensors.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "decoder.layers.0.bias",
            "decoder.layers.0.weight",
            "decoder.layers.1.bias",
            "decoder.layers.1.weight",
            "encoder.layers.0.bias",
            "encoder.layers.0.weight",
            "encoder.layers.1.bias",
            "encoder.layers.1.weight",
            "log_variance.bias",
            "log_variance.weight",
            "logits.bias",
            "logits.weight",
            "mean.bias",
            "mean.weight",
        ]
    );
    assert_eq!(tensors["encoder.layers.0.weight"].shape().to_vec(), [12, 7]);
}

#[test]
fn refuses_files_that_are_cut_off() {
    let file = block_on(to_bytes(&model(), Precision::Single, None)).unwrap();
    let expected = file.len() as u64;
    for found in [file.len() - 1, file.len() / 2 + 600] {
        let error = WeightsError::Truncated { found: found as u64, expected };
        assert_eq!(refusal(&file[..found]), error);
    }
    for found in [0, 7, 100] {
        assert!(matches!(refusal(&file[..found]), WeightsError::NotSafetensors { .. }));
    }
}

#[test]
fn refuses_other_files() {
    assert!(matches!(refusal(b"<!DOCTYPE html><title>404</title>"), WeightsError::NotSafetensors { .. }));
    let mut longer = block_on(to_bytes(&model(), Precision::Single, None)).unwrap();
    longer.push(0);
    assert!(matches!(refusal(&longer), WeightsError::NotSafetensors { .. }));
}

#[test]
fn refuses_missing_unknown_and_misshapen_tensors() {
    let tensor = || "mean.weight".to_string();
    let missing = changed(|tensors| drop(tensors.remove("mean.weight")));
    assert_eq!(refusal(&missing), WeightsError::Missing { tensor: tensor() });

    let unknown = changed(|tensors| drop(tensors.insert("extra".into(), TensorData::from([1.0_f32]))));
    assert_eq!(refusal(&unknown), WeightsError::Unexpected { tensor: "extra".into() });

    let transposed = changed(|tensors| {
        tensors.insert(tensor(), TensorData::new(vec![0.0_f32; 15], [3, 5]));
    });
    let error = WeightsError::Shape { tensor: tensor(), found: vec![3, 5], expected: vec![5, 3] };
    assert_eq!(refusal(&transposed), error);
}

#[test]
fn refuses_values_that_are_not_finite() {
    for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let file = changed(|tensors| {
            tensors.insert("mean.bias".into(), TensorData::from([0.0, value, 0.0]));
        });
        assert_eq!(refusal(&file), WeightsError::NotFinite { tensor: "mean.bias".into(), index: 1 });
    }
}

#[test]
fn refuses_other_number_types() {
    let header = br#"{"mean.bias":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}"#;
    let mut file = (header.len() as u64).to_le_bytes().to_vec();
    file.extend_from_slice(header);
    file.extend([0; 8]);
    assert_eq!(refusal(&file), WeightsError::Dtype { tensor: "mean.bias".into(), found: "I64".into() });
}

#[test]
fn a_refused_file_leaves_the_model_as_it_was() {
    let in_use = model();
    let before = values(&in_use);
    let file = changed(|tensors| drop(tensors.remove("logits.bias")));
    assert!(load(in_use.clone(), &file).is_err());
    assert_eq!(values(&in_use), before);
}

/// The file of the model with what `settings` say about it.
fn told(settings: &Value) -> Vec<u8> {
    block_on(to_bytes(&model(), Precision::Half, Some(metadata::<Variational>(&settings.to_string())))).unwrap()
}

#[test]
fn a_file_tells_its_own_sizes() {
    let settings = json!({"model": config(), "recipe": {"learning_rate": 0.001}, "seed": 1});
    let (_, found) = load_own::<Variational>(&told(&settings), &Device::flex()).unwrap();
    assert_eq!(found, config());

    let default = VariationalConfig::new();
    let silent = block_on(to_bytes(&default.init(&Device::flex()), Precision::Half, None)).unwrap();
    assert_eq!(load_own::<Variational>(&silent, &Device::flex()).unwrap().1, default);
}

#[test]
fn refuses_files_of_other_models_and_broken_settings() {
    let settings = json!({"model": config(), "recipe": {}, "seed": 1});
    let other = load_own::<Denoising>(&told(&settings), &Device::flex()).err();
    assert_eq!(other, Some(WeightsError::Model { found: "vae".into(), expected: "denoising".into() }));

    let refused = |settings: &Value| load_own::<Variational>(&told(settings), &Device::flex()).err().unwrap();
    let mut huge = settings.clone();
    huge["model"]["code"] = json!(1_000_000_000);
    for broken in [json!({}), json!({"model": {"code": "many"}}), huge] {
        let error = refused(&broken);
        assert!(matches!(error, WeightsError::Settings { .. }), "{broken}: {error}");
    }
    let mut wider = settings;
    wider["model"]["code"] = json!(4);
    assert!(matches!(refused(&wider), WeightsError::Shape { .. }));
}
