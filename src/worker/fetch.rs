//! Files over the network into a worker: progress in bytes, gzip unpacked by the browser.

use gloo::net::http::Request;
use js_sys::{ArrayBuffer, Reflect, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStream, ReadableStreamDefaultReader, ReadableWritablePair, Response};

use super::events::{Events, send};
use crate::protocol::{Asset, EngineError, Event};

/// Where the files lie, relative to the page.
pub mod file {
    use crate::protocol::ModelId;

    pub const TEST_IMAGES: &str = "data/mnist/t10k-images-idx3-ubyte.gz";
    pub const TEST_LABELS: &str = "data/mnist/t10k-labels-idx1-ubyte.gz";

    pub const TRAINING_IMAGES: &str = "data/mnist/train-images-idx3-ubyte.gz";
    pub const TRAINING_LABELS: &str = "data/mnist/train-labels-idx1-ubyte.gz";

    pub const PRINCIPAL_COMPONENTS: &str = "models/pca.safetensors";

    pub fn weights(model: ModelId) -> String {
        format!("models/{}.safetensors", model.name())
    }
}

/// The images and labels of the test set, unpacked.
///
/// # Errors
/// Says which file could not be fetched or unpacked.
pub async fn test_set(events: &Events) -> Result<(Vec<u8>, Vec<u8>), EngineError> {
    let images = bytes(file::TEST_IMAGES, Asset::TestSet, events).await?;
    let labels = fetch(file::TEST_LABELS, |_, _| ()).await?;
    Ok((gunzip(file::TEST_IMAGES, images).await?, gunzip(file::TEST_LABELS, labels).await?))
}

/// The images and labels of the training set, unpacked.
///
/// # Errors
/// Says which file could not be fetched or unpacked.
pub async fn training_set(events: &Events) -> Result<(Vec<u8>, Vec<u8>), EngineError> {
    let images = bytes(file::TRAINING_IMAGES, Asset::TrainingSet, events).await?;
    let labels = fetch(file::TRAINING_LABELS, |_, _| ()).await?;
    Ok((gunzip(file::TRAINING_IMAGES, images).await?, gunzip(file::TRAINING_LABELS, labels).await?))
}

/// A file's bytes; its progress is reported as `asset`'s.
///
/// # Errors
/// [`EngineError::Fetch`] with the server's or the network's reason.
pub async fn bytes(path: &str, asset: Asset, events: &Events) -> Result<Vec<u8>, EngineError> {
    fetch(path, |loaded, total| send(events, Event::Progress { asset, loaded, total })).await
}

async fn fetch(path: &str, mut progress: impl FnMut(u64, Option<u64>)) -> Result<Vec<u8>, EngineError> {
    let failed = |reason: String| EngineError::Fetch { file: path.to_owned(), reason };
    let response = Request::get(path).send().await.map_err(|error| failed(error.to_string()))?;
    if !response.ok() {
        return Err(failed(format!("HTTP {}", response.status())));
    }
    // A server that compresses on the way announces the compressed length.
    let headers = response.headers();
    let length = if headers.get("content-encoding").is_some() { None } else { headers.get("content-length") };
    let total: Option<u64> = length.and_then(|length| length.parse().ok());
    let body = response.body().ok_or_else(|| failed("empty".into()))?;
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    let mut bytes = Vec::with_capacity(total.unwrap_or_default() as usize);
    while let Some(chunk) = next_chunk(&reader).await.map_err(|error| failed(message(&error)))? {
        let start = bytes.len();
        bytes.resize(start + chunk.length() as usize, 0);
        chunk.copy_to(&mut bytes[start..]);
        progress(bytes.len() as u64, total);
    }
    Ok(bytes)
}

async fn next_chunk(reader: &ReadableStreamDefaultReader) -> Result<Option<Uint8Array>, JsValue> {
    let result = JsFuture::from(reader.read()).await?;
    let done = Reflect::get(&result, &"done".into())?.is_truthy();
    Ok(if done { None } else { Some(Reflect::get(&result, &"value".into())?.unchecked_into()) })
}

/// Unpacks a gzip file; bytes that a server has already unpacked pass as they are.
async fn gunzip(path: &str, bytes: Vec<u8>) -> Result<Vec<u8>, EngineError> {
    const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];
    if !bytes.starts_with(&GZIP_MAGIC) {
        return Ok(bytes);
    }
    let unpacked = async {
        let packed = Uint8Array::from(bytes.as_slice());
        let body = Response::new_with_opt_js_u8_array(Some(&packed))?.body().ok_or(JsValue::NULL)?;
        let unzip = DecompressionStream::new("gzip")?;
        let stream: ReadableStream = body.pipe_through(&unzip);
        let buffer = Response::new_with_opt_readable_stream(Some(&stream))?.array_buffer()?;
        let buffer: ArrayBuffer = JsFuture::from(buffer).await?.unchecked_into();
        Ok(Uint8Array::new(&buffer).to_vec())
    };
    unpacked.await.map_err(|error: JsValue| EngineError::Unpack { file: path.to_owned(), reason: message(&error) })
}

#[wasm_bindgen]
extern "C" {
    // web-sys keeps it behind an unstable flag.
    #[wasm_bindgen(extends = ReadableWritablePair)]
    type DecompressionStream;

    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<DecompressionStream, JsValue>;
}

/// What a JavaScript error says.
fn message(error: &JsValue) -> String {
    error.dyn_ref::<js_sys::Error>().map_or_else(|| format!("{error:?}"), |error| error.message().into())
}
