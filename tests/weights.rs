//! Weights files: what is written is read again, and what cannot be used is refused.

use bottleneck::models::Autoencoder;
use bottleneck::models::denoising::Denoising;
use bottleneck::models::variational::{Variational, VariationalConfig};
use bottleneck::training::Catalogue;
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

/// A model with two matrices of 16,384 numbers or more.
fn wide() -> Variational {
    VariationalConfig::new().with_input(160).with_hidden(vec![110]).with_code(3).init(&Device::flex())
}

#[test]
fn int8_comes_back_within_half_a_step_of_its_column() {
    let before = block_on(collect(&wide())).unwrap();
    let file = write(&before, Precision::Int8, None);
    assert!(file.len() < write(&before, Precision::Half, None).len() * 6 / 10);
    let after = block_on(collect(&load(wide(), &file).unwrap())).unwrap();
    let half = read_tensors(&write(&before, Precision::Half, None)).unwrap();
    let mut rounded = Vec::new();
    for (name, before) in &before {
        let values = |data: &TensorData| data.iter::<f32>().collect::<Vec<_>>();
        let (before, after) = (values(before), values(&after[name]));
        if after == values(&half[name]) {
            continue;
        }
        rounded.push(name.as_str());
        let columns = half[name].shape()[1];
        for column in 0..columns {
            let of_column = |values: &[f32]| values.iter().skip(column).step_by(columns).copied().collect::<Vec<_>>();
            let (before, after) = (of_column(&before), of_column(&after));
            let step = before.iter().fold(0.0_f32, |largest, value| largest.max(value.abs())) / 127.0;
            for (before, after) in before.iter().zip(&after) {
                let bound = step / 2.0 * (1.0 + 1e-4);
                assert!((before - after).abs() <= bound, "{name}, {column}: {before} became {after}");
            }
        }
    }
    assert_eq!(rounded, ["encoder.layers.0.weight", "logits.weight"], "all others are as in float16");
}

#[test]
fn int8_keeps_columns_of_zeros_and_the_largest_values() {
    let mut values = vec![0.0_f32; 2 * 8_192];
    (values[1], values[3], values[5]) = (-2.54, 1.0, 0.011);
    let tensors = Tensors::from([("a".to_string(), TensorData::new(values, [8_192, 2]))]);
    let file = write(&tensors, Precision::Int8, None);
    let read = read_tensors(&file).unwrap();
    let found: Vec<f32> = read["a"].iter().collect();
    // The step of the second column is 0.02.
    let expected = [(0, 0.0), (1, -2.54), (2, 0.0), (3, 1.0), (4, 0.0), (5, 0.02), (7, 0.0)];
    assert!(expected.iter().all(|&(at, value)| (found[at] - value).abs() < 1e-6), "{:?}", &found[..8]);
    assert_eq!(read.len(), 1, "scales are no tensors of the model");
}

/// A safetensors file written by hand: `a`, int8, two rows of three, and what follows in the header and in the bytes.
fn by_hand(more: &str, bytes: &[u8]) -> Vec<u8> {
    let header = format!(r#"{{"a":{{"dtype":"I8","shape":[2,3],"data_offsets":[0,6]}}{more}}}"#);
    let levels = [127, 0, 1, 0x81, 64, 0xff];
    [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &levels, bytes].concat()
}

const SINGLE_SCALES: &str = r#","a.scale":{"dtype":"F32","shape":[3],"data_offsets":[6,18]}"#;

fn scales(scales: [f32; 3]) -> Vec<u8> {
    scales.iter().flat_map(|scale| scale.to_le_bytes()).collect()
}

#[test]
fn int8_is_scaled_by_the_column() {
    let half = r#","a.scale":{"dtype":"F16","shape":[3],"data_offsets":[6,12]}"#;
    // 0.5, 0.25 and 2 in float16.
    let half = by_hand(half, &[0x00, 0x38, 0x00, 0x34, 0x00, 0x40]);
    for file in [by_hand(SINGLE_SCALES, &scales([0.5, 0.25, 2.0])), half] {
        let tensors = read_tensors(&file).unwrap();
        assert_eq!(tensors.keys().collect::<Vec<_>>(), ["a"]);
        assert_eq!(tensors["a"], TensorData::from([[63.5_f32, 0.0, 2.0], [-63.5, 16.0, -2.0]]));
    }
}

#[test]
fn refuses_int8_without_good_scales() {
    let refusal = |file: &[u8]| read_tensors(file).unwrap_err();
    let tensor = || "a.scale".to_string();
    assert_eq!(refusal(&by_hand("", &[])), WeightsError::Missing { tensor: tensor() });

    let shape = r#","a.scale":{"dtype":"F32","shape":[2],"data_offsets":[6,14]}"#;
    let error = WeightsError::Shape { tensor: tensor(), found: vec![2], expected: vec![3] };
    assert_eq!(refusal(&by_hand(shape, &[0; 8])), error);

    let dtype = r#","a.scale":{"dtype":"I8","shape":[3],"data_offsets":[6,9]}"#;
    assert_eq!(refusal(&by_hand(dtype, &[1; 3])), WeightsError::Dtype { tensor: tensor(), found: "I8".into() });

    for bad in [f32::NAN, f32::INFINITY] {
        let file = by_hand(SINGLE_SCALES, &scales([1.0, bad, 1.0]));
        assert_eq!(refusal(&file), WeightsError::NotFinite { tensor: tensor(), index: 1 });
    }
    for bad in [-1.0, 0.0] {
        let file = by_hand(SINGLE_SCALES, &scales([1.0, bad, 1.0]));
        assert_eq!(refusal(&file), WeightsError::Scale { tensor: tensor() });
    }
    let file = by_hand(SINGLE_SCALES, &scales([1.0, 1.0, f32::MAX]));
    assert_eq!(read_tensors(&file).map(|_| ()), Ok(()), "1 of the largest is finite");
    let file = by_hand(SINGLE_SCALES, &scales([f32::MAX, 1.0, 1.0]));
    assert_eq!(refusal(&file), WeightsError::NotFinite { tensor: "a".into(), index: 0 });
}

#[test]
fn refuses_scales_of_nothing() {
    for of in ["mean.bias", "extra"] {
        let scale = format!("{of}.scale");
        let file = changed(|tensors| drop(tensors.insert(scale.clone(), TensorData::from([1.0_f32; 3]))));
        assert_eq!(refusal(&file), WeightsError::Unexpected { tensor: scale });
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

/// All of it, for cards and further files repeat it; or nothing, as the first files did.
#[test]
fn a_file_tells_how_it_was_trained() {
    let catalogue = Catalogue::all();
    let entry = catalogue.get(Variational::ID).expect("it is in the catalogue");
    let load = |file: &[u8]| entry.load(file, &Device::flex()).map(|model| model.origin().clone());
    let settings = json!({"model": config(), "recipe": {"epochs": 3}, "seed": 7});
    let origin = load(&told(&settings)).expect("all that there is to tell");
    let read: Value = serde_json::from_str(&origin.settings).unwrap();
    assert_eq!((origin.epochs, &read["recipe"]["epochs"], &read["seed"]), (3, &json!(3), &json!(7)));
    for (part, broken) in [("recipe", json!({})), ("recipe", json!({"epochs": "many"})), ("seed", json!(-1))] {
        let mut settings = settings.clone();
        settings[part] = broken;
        let refused = load(&told(&settings));
        assert!(matches!(refused, Err(WeightsError::Settings { .. })), "{settings}: {refused:?}");
    }
    let silent = block_on(to_bytes(&VariationalConfig::new().init(&Device::flex()), Precision::Half, None)).unwrap();
    assert!(load(&silent).is_ok());
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
