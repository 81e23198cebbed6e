//! The device that an engine computes on.

use burn::tensor::Device;

use crate::protocol::DeviceKind;
#[cfg(feature = "webgpu")]
use crate::protocol::EngineError;

/// A device ready for tensors, and what it is.
pub struct Opened {
    pub device: Device,
    pub kind: DeviceKind,
    /// The adapter's own name, empty where it gives none.
    pub name: String,
}

/// The CPU, through burn's flex backend.
pub fn open_cpu() -> Opened {
    Opened { device: Device::flex(), kind: DeviceKind::Cpu, name: String::new() }
}

/// The browser's GPU; `on_lost` is called with the driver's words if it is lost later.
///
/// # Errors
/// [`EngineError::DeviceRefused`], with the reason, when WebGPU gives no device.
#[cfg(feature = "webgpu")]
pub async fn open_webgpu(on_lost: impl Fn(String) + Send + 'static) -> Result<Opened, EngineError> {
    let (device, setup) = Device::wgpu_options()
        .init_with_setup_async()
        .await
        .map_err(|error| EngineError::DeviceRefused(error.to_string()))?;
    setup.device.set_device_lost_callback(move |_reason, message| on_lost(message));
    let info = setup.adapter.get_info();
    Ok(Opened { device, kind: DeviceKind::WebGpu, name: info.name })
}
