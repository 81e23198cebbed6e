//! `split <program> <folder>`: splits the page's program, app.wasm, at the functions that are marked with `wasm_split`.
//!
//! What is left for wasm-bindgen is app.wasm in the folder. The parts lie beside it, with parts.js, which fetches them.

use std::path::PathBuf;
use std::process::ExitCode;

use wasm_split_cli_support::{Options, transform};

fn main() -> ExitCode {
    let [program, folder] = [1, 2].map(|place| std::env::args_os().nth(place).map(PathBuf::from));
    let (Some(program), Some(folder)) = (program, folder) else {
        eprintln!("error: which program, and into which folder? `split <program> <folder>`");
        return ExitCode::FAILURE;
    };
    let split = std::fs::read(&program).map_err(Into::into).and_then(|bytes| {
        let main = folder.join("app.wasm");
        let mut options = Options::new(&bytes);
        options.output_dir = &folder;
        options.main_out_path = &main;
        options.main_module = "./app.js";
        // Some hosts leave out files whose names begin with an underscore, as the usual one does.
        options.link_name = "./parts.js";
        transform(options)
    });
    match split {
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}: {error:#}", program.display());
            ExitCode::FAILURE
        }
    }
}
