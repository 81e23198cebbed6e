//! The line under the bar: the device that computes, and what is still loading.

use leptos::prelude::*;

use crate::client::Reason;
use crate::protocol::DeviceKind;
use crate::ui::format::megabytes;
use crate::ui::i18n::messages::{asset_name, device_name};
use crate::ui::i18n::{I18n, t_string, use_i18n};
use crate::ui::state::content::Content;
use crate::ui::state::engine_handle::{DeviceState, EngineHandle};
use crate::ui::state::loads::Loads;

/// The device that computes, and why; what is still loading. Its height is fixed, so that nothing moves while it loads.
#[component]
pub fn StatusLine() -> impl IntoView {
    let i18n = use_i18n();
    let content = expect_context::<Content>();
    let EngineHandle { device, reason, is_divided, loads, models, .. } = expect_context();
    let kind = move || {
        device.with(DeviceState::kind).map(|kind| match kind {
            DeviceKind::Cpu => "cpu",
            DeviceKind::WebGpu => "webgpu",
        })
    };
    let share = Memo::new(move |_| loads.with(Loads::share));
    view! {
        <section class="status" aria-label=move || t_string!(i18n, device.status)>
            <p
                class="device"
                data-testid="device"
                data-ready=move || matches!(device.get(), DeviceState::Ready { .. }).to_string()
                data-device=kind
                data-state=move || device.with(DeviceState::name)
                data-models=move || models.with(Vec::len)
                data-reason=move || reason.with(reason_name)
                data-divided=move || is_divided.get().to_string()
            >
                {move || device_text(i18n, &device.get(), &reason.get(), is_divided.get())}
            </p>
            <p class="loading" data-testid="loading" role="status">
                {move || loads.with(|loads| loading_text(i18n, content, loads))}
            </p>
            <progress
                class="loading-bar"
                class:gone=move || share.get().ge(&1.0)
                max="1"
                prop:value=share
                aria-label=move || t_string!(i18n, loading.label)
            ></progress>
        </section>
    }
}

fn device_text(i18n: I18n, device: &DeviceState, reason: &Reason, is_divided: bool) -> String {
    let reason = match reason {
        Reason::Chosen => t_string!(i18n, device.chosen),
        Reason::AdapterFound { software: false } => t_string!(i18n, device.adapter),
        Reason::AdapterFound { software: true } => t_string!(i18n, device.software),
        Reason::NoAdapter => t_string!(i18n, device.no_adapter),
        Reason::NoWebGpu => t_string!(i18n, device.no_webgpu),
        Reason::FellBack(_) => t_string!(i18n, device.fell_back),
    };
    let mut text = match device {
        DeviceState::Choosing => t_string!(i18n, device.choosing).to_string(),
        DeviceState::Stopped => t_string!(i18n, device.stopped).to_string(),
        DeviceState::Starting { device } => {
            format!("{} · {} · {reason}", device_name(i18n, *device), t_string!(i18n, device.starting))
        }
        DeviceState::Ready { device, name } if name.is_empty() => {
            format!("{} · {reason}", device_name(i18n, *device))
        }
        DeviceState::Ready { device, name } => format!("{} · {name} · {reason}", device_name(i18n, *device)),
    };
    if is_divided {
        text += " · ";
        text += match device {
            DeviceState::Ready { .. } => t_string!(i18n, device.divided),
            _ => t_string!(i18n, device.meanwhile),
        };
    }
    text
}

/// The name in `data-reason`.
fn reason_name(reason: &Reason) -> &'static str {
    match reason {
        Reason::Chosen => "chosen",
        Reason::AdapterFound { software: false } => "adapter",
        Reason::AdapterFound { software: true } => "software-adapter",
        Reason::NoAdapter => "no-adapter",
        Reason::NoWebGpu => "no-webgpu",
        Reason::FellBack(_) => "fell-back",
    }
}

fn loading_text(i18n: I18n, content: Content, loads: &Loads) -> String {
    match loads.current() {
        Some(load) => {
            let loaded = megabytes(load.loaded);
            let bytes = match load.total {
                Some(total) => t_string!(i18n, loading.of, loaded = loaded, total = megabytes(total)),
                None => t_string!(i18n, loading.so_far, loaded = loaded),
            };
            format!("{}: {bytes}", asset_name(i18n, content, load.asset))
        }
        None if loads.are_done() => t_string!(i18n, loading.done).to_string(),
        None => String::new(),
    }
}
