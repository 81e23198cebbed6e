//! Files over the network into a worker: progress in bytes, gzip unpacked by the browser.

use gloo::net::http::Request;
use js_sys::{ArrayBuffer, Reflect, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStream, ReadableStreamDefaultReader, ReadableWritablePair, Response};

use super::events::{Events, send};
use crate::data::labelled::{LabelledImages, SetError};
use crate::protocol::{Asset, EngineError, Event};

/// Where the files lie, relative to the page.
pub mod file {
    use crate::protocol::ModelId;

    /// What the names of a set's two files begin with.
    pub const TEST_DIGITS: &str = "data/mnist/test-digits";
    /// As above.
    pub const TEST_SET: &str = "data/mnist/t10k";
    /// As above.
    pub const TRAINING_SET: &str = "data/mnist/train";

    pub const PRINCIPAL_COMPONENTS: &str = "models/pca.safetensors";

    pub fn weights(model: ModelId) -> String {
        format!("models/{}.safetensors", model.name())
    }
}

/// The images of a [set](file) and their labels; the progress of the images is reported as `asset`'s.
///
/// # Errors
/// Says which file could not be fetched, unpacked or read.
pub async fn digits(set: &str, asset: Asset, events: &Events) -> Result<LabelledImages, EngineError> {
    let (images, labels) = (format!("{set}-images-idx3-ubyte.gz"), format!("{set}-labels-idx1-ubyte.gz"));
    let packed = (bytes(&images, asset, events).await?, fetch(&labels, |_, _| ()).await?);
    let unpacked = (gunzip(&images, packed.0).await?, gunzip(&labels, packed.1).await?);
    LabelledImages::parse(&unpacked.0, &unpacked.1).map_err(|error| match error {
        SetError::Images(error) => EngineError::Data { file: images, error },
        SetError::Labels(error) => EngineError::Data { file: labels, error },
    })
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
