//! What the tests stand on: the site served from `dist/`, Chromium, and the page seen through its `data-testid` hooks.

mod browser;
mod chromium;
pub mod keys;
mod native;
mod page;
mod permit;
mod picture;
mod pointer;
pub mod run;
mod site;
mod visit;
mod wait;
mod webdriver;

pub use self::native::{DENOISING, LINEAR_MODEL, Native, VAE, VAE_CODE, close, mean_difference};
pub use self::page::Page;
pub use self::pointer::Pointer;
pub use self::site::{Served, page_program};
pub use self::visit::{CLIPBOARD, DENOISE, Device, KEEP_WORKERS, LATENT, Visit, chapters};
pub use self::wait::wait_for;
