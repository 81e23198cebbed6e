//! The inside of the shipped models: what the engine answers about errors, weights, activations, units and codes.

mod support;

use bottleneck::analysis::latent;
use bottleneck::analysis::tsne::STEPS;
use bottleneck::data::PIXELS;
use bottleneck::data::dataset::Dataset;
use bottleneck::engine::Engine;
use bottleneck::protocol::{
    AdvanceTsne, Ascent, Command, Decode, DecodePath, EngineError, FeatureOrder, FeatureSide, GetActivations,
    GetCodeMap, GetFeatures, GetTestErrors, GetTopImages, Maximise, ModelId, Noise, RebuildTestImages, Reconstruct,
    TopImage,
};
use bottleneck::training::{Catalogue, Entry};
use bottleneck::weights::{Precision, read_metadata, read_tensors, write};
use burn::tensor::{Device, TensorData};
use futures::executor::block_on;
use serde_json::Value;
use support::{
    DEEP, IMAGES, LINEAR, SPARSE, STACKED, VAE, VAE_CODE, digits, engine_with_part_of_test_set as engine, file,
    part_of_test_set as test_images, request,
};

const NO_NOISE: Noise = Noise { sigma: 0.0, dropout: 0.0, seed: 0 };

fn close(a: f32, b: f32) -> bool {
    (a - b).abs() < 1e-4 * (1.0 + b.abs())
}

#[test]
fn every_model_is_as_deep_as_its_shape_says() {
    let models: Vec<ModelId> = Catalogue::all().entries().map(Entry::id).collect();
    let engine = engine(&models);
    for description in engine.describe() {
        let (model, shape) = (description.model, &description.presets[0].shape);
        let image = test_images().images.pixels(5).to_vec();
        let layers = request(&engine, GetActivations { model, image: image.clone() }).expect("activations");
        let widths: Vec<usize> = layers.iter().map(Vec::len).collect();
        assert_eq!(widths, shape.layers, "{model}");
        assert!(layers[0].iter().zip(&image).all(|(x, &byte)| close(*x, f32::from(byte) / 255.0)), "{model}");
        let rebuilt = request(&engine, Reconstruct { model, image, noise: NO_NOISE }).expect("a reconstruction");
        assert_eq!(layers[shape.code_layer], rebuilt.code, "{model}: the code");
        let pixel = |x: &f32| (x.clamp(0.0, 1.0) * 255.0).round() as u8;
        let outputs: Vec<u8> = layers[widths.len() - 1].iter().map(pixel).collect();
        assert_eq!(outputs, rebuilt.output, "{model}: the output");
    }
}

#[test]
fn the_errors_are_those_of_the_reconstructions() {
    let engine = engine(&[LINEAR]);
    let found = request(&engine, GetTestErrors { model: LINEAR }).expect("errors");
    assert_eq!((found.errors.len(), found.labels.len(), found.worst.len()), (IMAGES, IMAGES, IMAGES));
    assert!(found.worst.windows(2).all(|pair| found.errors[pair[0] as usize] >= found.errors[pair[1] as usize]));
    let set = test_images();
    for number in [0, 17, found.worst[0] as usize] {
        let reconstruct = Reconstruct { model: LINEAR, image: set.images.pixels(number).to_vec(), noise: NO_NOISE };
        let rebuilt = request(&engine, reconstruct).expect("a reconstruction");
        assert!(close(found.errors[number], rebuilt.output_error), "image {number}");
    }
    for digit in 0..10_u8 {
        let of_digit: Vec<f32> =
            (0..IMAGES).filter(|&n| set.label(n) == Some(digit)).map(|n| found.errors[n]).collect();
        let mean = of_digit.iter().sum::<f32>() / of_digit.len() as f32;
        assert!(close(found.class_means[usize::from(digit)], mean), "{digit}");
    }
    assert!(found.class_means[1] < found.class_means[0], "a 1 is easier than a 0: {:?}", found.class_means);

    let numbers = found.worst[..3].to_vec();
    let rebuilt = request(&engine, RebuildTestImages { model: LINEAR, numbers: numbers.clone() }).expect("images");
    for (place, &number) in numbers.iter().enumerate() {
        assert_eq!(rebuilt.originals[place], set.images.pixels(number as usize));
        assert!(close(rebuilt.errors[place], found.errors[number as usize]));
        let pairs = rebuilt.originals[place].iter().zip(&rebuilt.reconstructions[place]);
        let squares: f32 = pairs.map(|(&a, &b)| ((f32::from(a) - f32::from(b)) / 255.0).powi(2)).sum();
        assert!((squares / PIXELS as f32 - rebuilt.errors[place]).abs() < 1e-3, "the error is that of the picture");
    }
}

#[test]
fn weights_are_those_of_the_file_in_the_order_asked_for() {
    let engine = engine(&[STACKED]);
    let tensors = read_tensors(&file("models/stacked.safetensors")).expect("good weights");
    let values = |name: &str| -> Vec<f32> { tensors[name].iter().collect() };
    let (first, last) = (values("encoder.layers.0.weight"), values("output.weight"));
    let units = 300;
    let features = |side, order, first, count| {
        request(&engine, GetFeatures { model: STACKED, side, order, first, count }).expect("features")
    };
    for (side, layer) in [(FeatureSide::Encoder, 1), (FeatureSide::Decoder, 3)] {
        let all = features(side, FeatureOrder::Norm, 0, 1_000);
        assert_eq!((all.units, all.layer, all.tiles.len()), (300, layer, units));
        assert!(all.tiles.windows(2).all(|pair| pair[0].norm >= pair[1].norm));
        for tile in &all.tiles {
            let unit = tile.unit as usize;
            let weight = |pixel: usize| match side {
                FeatureSide::Encoder => first[pixel * units + unit],
                FeatureSide::Decoder => last[unit * PIXELS + pixel],
            };
            assert!(tile.weights.iter().enumerate().all(|(pixel, &found)| found == weight(pixel)), "{side:?} {unit}");
            let norm = tile.weights.iter().map(|w| w * w).sum::<f32>().sqrt();
            assert!(close(tile.norm, norm));
        }
        let beyond = all.tiles.iter().flat_map(|tile| &tile.weights).filter(|w| w.abs() > all.scale).count();
        assert!(beyond as f64 <= 0.005 * (units * PIXELS) as f64 && beyond > 0, "{beyond} are beyond the scale");

        let used = features(side, FeatureOrder::Usage, 10, 5);
        assert_eq!(used.tiles.len(), 5);
        assert!(used.tiles.windows(2).all(|pair| pair[0].usage >= pair[1].usage));
        let unit = used.tiles[0].unit;
        let top = GetTopImages { model: STACKED, layer, unit, count: 1 };
        assert!(
            close(used.tiles[0].usage, request(&engine, top).expect("images").mean),
            "usage is the mean activation"
        );
    }
}

#[test]
fn the_top_images_are_those_of_the_largest_activations() {
    let engine = engine(&[SPARSE]);
    let (layer, unit, set) = (1, 123, test_images());
    let top = request(&engine, GetTopImages { model: SPARSE, layer, unit, count: 9 }).expect("images");
    let activations: Vec<f32> = (0..IMAGES)
        .map(|number| {
            let get = GetActivations { model: SPARSE, image: set.images.pixels(number).to_vec() };
            request(&engine, get).expect("activations")[layer as usize][unit as usize]
        })
        .collect();
    assert_eq!(top.images.len(), 9);
    for image in &top.images {
        let number = image.number as usize;
        assert_eq!((&image.image[..], Some(image.label)), (set.images.pixels(number), set.label(number)));
        assert!(close(image.activation, activations[number]));
    }
    let ninth = top.images[8].activation;
    assert!(top.images.windows(2).all(|pair| pair[0].activation >= pair[1].activation));
    assert_eq!(activations.iter().filter(|&&activation| activation > ninth + 1e-5).count(), 8);
    assert!(close(top.largest, top.images[0].activation) && top.least >= 0.0);
    assert!((top.histogram.iter().sum::<f64>() - 1.0).abs() < 1e-9);
}

/// Where the sigmoid gives 1 to many images, what it is applied to tells which activates the unit most.
#[test]
fn top_images_and_the_distribution_are_numpys() {
    let reference: Value = serde_json::from_str(include_str!("reference/top_images.json")).unwrap();
    let numbers = |value: &Value| -> Vec<f32> {
        value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap() as f32).collect()
    };
    let bias = numbers(&reference["bias"]);
    let units = bias.len();
    let mut engine = Engine::new(Device::flex(), Catalogue::all());
    engine.load_weights(SPARSE, &sparse_of_a_formula(bias)).expect("good weights");
    engine.use_test_set(digits("t10k").slice(0..reference["images"].as_u64().unwrap() as usize));
    for (unit, expected) in reference["units"].as_array().unwrap().iter().enumerate() {
        let expected_numbers = numbers(&expected["numbers"]);
        let count = expected_numbers.len() as u32;
        let top = GetTopImages { model: SPARSE, layer: 1, unit: unit as u32, count };
        let top = request(&engine, top).expect("images");
        let found: Vec<f32> = top.images.iter().map(|image| image.number as f32).collect();
        assert_eq!(found, expected_numbers, "unit {unit} of {units}");
        let pairs = |of: fn(&TopImage) -> f32, name: &str| {
            for (image, expected) in top.images.iter().zip(numbers(&expected[name])) {
                assert!(close(of(image), expected), "{name} of unit {unit}: {}, not {expected}", of(image));
            }
        };
        pairs(|image| image.activation, "activations");
        pairs(|image| image.before_activation, "before_activation");
        for (name, found) in [("mean", top.mean), ("least", top.least), ("largest", top.largest)] {
            let expected = expected[name].as_f64().unwrap() as f32;
            assert!((found - expected).abs() < 1e-5, "{name} of unit {unit}: {found}, not {expected}");
        }
        for (found, expected) in top.histogram.iter().zip(numbers(&expected["histogram"])) {
            assert!(
                (*found as f32 - expected).abs() < 1e-6,
                "the distribution of unit {unit}: {found}, not {expected}"
            );
        }
    }
}

/// A sparse autoencoder with the weights of tests/reference/top_images.py, as many units as `bias` has numbers.
fn sparse_of_a_formula(bias: Vec<f32>) -> Vec<u8> {
    let units = bias.len();
    let mut metadata = read_metadata(&file("models/sparse.safetensors")).expect("good weights");
    let mut settings: Value = serde_json::from_str(&metadata["settings"]).expect("settings");
    settings["model"]["code"] = units.into();
    metadata.insert("settings".to_string(), settings.to_string());
    let weight = |at: usize| (2.0 * (0.37 * (at / units) as f64 + 1.7 * (at % units) as f64).sin()) as f32;
    let zeros = |shape: &[usize]| TensorData::new(vec![0.0_f32; shape.iter().product()], shape.to_vec());
    let tensors = [
        ("encoder.weight", TensorData::new((0..PIXELS * units).map(weight).collect::<Vec<f32>>(), [PIXELS, units])),
        ("encoder.bias", TensorData::new(bias, [units])),
        ("output.weight", zeros(&[units, PIXELS])),
        ("output.bias", zeros(&[PIXELS])),
    ];
    write(&tensors.map(|(name, data)| (name.to_string(), data)).into(), Precision::Single, Some(metadata))
}

#[test]
fn codes_of_two_numbers_are_their_own_map_and_others_lie_in_their_principal_plane() {
    let engine = engine(&[LINEAR, VAE]);
    let set = test_images();
    let code = |model, number: usize| {
        let reconstruct = Reconstruct { model, image: set.images.pixels(number).to_vec(), noise: NO_NOISE };
        request(&engine, reconstruct).expect("a code").code
    };
    for model in [LINEAR, VAE] {
        let map = request(&engine, GetCodeMap { model }).expect("a map");
        let plane = map.plane.expect("a plane");
        assert_eq!((map.points.len(), map.labels.len(), map.progress), (IMAGES, IMAGES, (0, 0)));
        for number in [0, 99, IMAGES - 1] {
            let (code, [x, y]) = (code(model, number), map.points[number]);
            let centred: Vec<f32> = code.iter().zip(&plane.centre).map(|(z, centre)| z - centre).collect();
            for (axis, along) in plane.axes.iter().zip([x, y]) {
                let product: f32 = axis.iter().zip(&centred).map(|(a, b)| a * b).sum();
                assert!((product - along).abs() < 1e-3, "{model}, {number}: {product}, not {along}");
            }
        }
        let variance = |of: &dyn Fn(usize) -> f32| {
            let mean = (0..IMAGES).map(of).sum::<f32>() / IMAGES as f32;
            (0..IMAGES).map(|number| (of(number) - mean).powi(2)).sum::<f32>() / IMAGES as f32
        };
        let [first, second] = [0, 1].map(|axis| variance(&|number| map.points[number][axis]));
        if model == LINEAR {
            assert_eq!((plane.explained, &plane.centre), (1.0, &vec![0.0, 0.0]));
        } else {
            let codes: Vec<Vec<f32>> = (0..IMAGES).map(|number| code(model, number)).collect();
            let numbers: Vec<f32> = (0..VAE_CODE).map(|at| variance(&|number| codes[number][at])).collect();
            assert!(first >= second && numbers.iter().all(|&other| other <= first + 1e-4), "the first has the most");
            let explained = (first + second) / numbers.iter().sum::<f32>();
            assert!((plane.explained - explained).abs() < 1e-3, "{} and {explained}", plane.explained);
        }
    }
}

#[test]
fn a_path_decodes_what_lies_on_it() {
    let engine = engine(&[VAE]);
    let from: Vec<f32> = (0..VAE_CODE).map(|at| (at as f32 * 0.7).sin()).collect();
    let to: Vec<f32> = (0..VAE_CODE).map(|at| (at as f32 * 1.3).cos()).collect();
    for spherical in [false, true] {
        let path = DecodePath { model: VAE, from: from.clone(), to: to.clone(), count: 5, spherical };
        let images = request(&engine, path).expect("images");
        let codes = latent::path(&from, &to, 5, spherical);
        assert_eq!(images, request(&engine, Decode { model: VAE, codes }).expect("images"));
    }
}

#[test]
fn ascent_activates_a_unit_more_with_every_request() {
    let engine = engine(&[DEEP]);
    let (layer, unit) = (4, 7);
    let best = request(&engine, GetTopImages { model: DEEP, layer, unit, count: 1 }).expect("images").largest;
    let maximise = |pixels: Vec<f32>, seed, steps| {
        let ascent = Ascent::default();
        request(&engine, Maximise { model: DEEP, layer, unit, pixels, seed, ascent, steps }).expect("an image")
    };
    let mut image = maximise(vec![], 1, 0);
    assert!(image.pixels != maximise(vec![], 2, 0).pixels && image == maximise(vec![], 1, 0), "the seed tells");
    let first = image.activation;
    for _ in 0..10 {
        image = maximise(image.pixels, 1, 10);
        assert!(image.pixels.iter().all(|pixel| (0.0..=1.0).contains(pixel)));
    }
    assert!(image.activation > first && image.activation > best, "{first}, {}, {best}", image.activation);
    let whole = maximise(vec![], 1, 100);
    assert!(close(whole.activation, image.activation), "many requests are one: {}", whole.activation);
}

#[test]
fn tsne_goes_on_where_it_was() {
    let engine = engine(&[VAE]);
    let advance = |steps, restarts| request(&engine, AdvanceTsne { model: VAE, steps, restarts }).expect("a map");
    let map = advance(50, false);
    assert_eq!((map.progress, map.points.len(), map.plane), ((50, STEPS as u32), IMAGES, None));
    assert_eq!(advance(50, false).progress.0, 100);
    let again = advance(50, true);
    assert_eq!(again.progress.0, 50, "from the start");
    let far = |map: &[[f32; 2]]| map.as_flattened().iter().fold(0.0_f32, |far, x| far.max(x.abs()));
    let pairs = again.points.as_flattened().iter().zip(map.points.as_flattened());
    assert!(pairs.into_iter().all(|(a, b)| (a - b).abs() < 1e-3 * far(&map.points)), "the same from the start");
    let done = advance(1_000, false);
    assert_eq!(done.progress, (STEPS as u32, STEPS as u32));
    let square =
        |a: usize, b: usize| -> f32 { done.points[a].iter().zip(done.points[b]).map(|(a, b)| (a - b).powi(2)).sum() };
    let alike = (0..IMAGES).filter(|&at| {
        let nearest = (0..IMAGES).filter(|&other| other != at).min_by(|&a, &b| square(at, a).total_cmp(&square(at, b)));
        nearest.is_some_and(|other| done.labels[other] == done.labels[at])
    });
    let share = alike.count() as f64 / IMAGES as f64;
    assert!(share > 0.8, "neighbours are of one digit: {share}");
}

#[test]
fn what_is_not_there_is_refused() {
    let engine = engine(&[LINEAR]);
    let (model, ascent) = (LINEAR, Ascent::default());
    let maximise = |layer, pixels, ascent| Maximise { model, layer, unit: 0, pixels, seed: 0, ascent, steps: 1 };
    let commands: [Command; 10] = [
        RebuildTestImages { model, numbers: vec![IMAGES as u32] }.into(),
        RebuildTestImages { model, numbers: vec![] }.into(),
        GetActivations { model, image: vec![0; 3] }.into(),
        GetTopImages { model, layer: 3, unit: 0, count: 1 }.into(),
        GetTopImages { model, layer: 1, unit: 2, count: 1 }.into(),
        DecodePath { model, from: vec![0.0; 2], to: vec![0.0; 2], count: 1, spherical: false }.into(),
        DecodePath { model, from: vec![0.0; 2], to: vec![f32::NAN; 2], count: 3, spherical: false }.into(),
        maximise(7, vec![], ascent).into(),
        maximise(1, vec![f32::NAN; PIXELS], ascent).into(),
        maximise(1, vec![], Ascent { decay: 1.5, ..ascent }).into(),
    ];
    for command in commands {
        let refused = block_on(engine.answer(command.clone()));
        assert!(matches!(refused, Err(EngineError::Malformed(_))), "{command:?}: {refused:?}");
    }
}
