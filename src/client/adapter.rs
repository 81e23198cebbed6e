//! Whether the browser has a GPU for us.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// What the browser answered when asked for a WebGPU adapter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Adapter {
    /// There is one; with `software` it is a software adapter.
    Found { software: bool },
    /// The browser knows WebGPU, but has no adapter to give.
    None,
    /// The browser does not know WebGPU, or the page was not loaded securely.
    NoWebGpu,
}

/// Asks for an adapter. Loads nothing and keeps nothing.
pub async fn probe() -> Adapter {
    let gpu = property(&gloo::utils::window().navigator(), "gpu");
    let Some(request) = property(&gpu, "requestAdapter").dyn_ref::<Function>().cloned() else {
        return Adapter::NoWebGpu;
    };
    let adapter = async {
        let promise: Promise = request.call0(&gpu)?.dyn_into()?;
        JsFuture::from(promise).await
    };
    match adapter.await {
        Ok(adapter) if adapter.is_truthy() => {
            let info = property(&adapter, "info");
            Adapter::Found { software: property(&info, "isFallbackAdapter").is_truthy() }
        }
        _ => Adapter::None,
    }
}

// web-sys keeps WebGPU behind an unstable flag; two properties do not need it.
fn property(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}
