//! `site [folder]`: finishes the static site that trunk has put together, in its staging folder unless another is named.

use std::path::PathBuf;
use std::process::ExitCode;

use bottleneck::site::build::finish;

fn main() -> ExitCode {
    let folder = std::env::args_os().nth(1).or_else(|| std::env::var_os("TRUNK_STAGING_DIR"));
    let Some(folder) = folder.map(PathBuf::from) else {
        eprintln!("error: which folder is the site in? `site <folder>`");
        return ExitCode::FAILURE;
    };
    // Trunk runs it where Trunk.toml is.
    let Err(problems) = finish(&PathBuf::from("."), &folder) else { return ExitCode::SUCCESS };
    for problem in problems {
        eprintln!("error: {problem}");
    }
    ExitCode::FAILURE
}
