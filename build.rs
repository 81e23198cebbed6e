//! Turns the page's texts, `src/ui/i18n/locales/*.json`, into the checked `i18n` module.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    #[cfg(feature = "ui")]
    texts::generate();
}

#[cfg(feature = "ui")]
mod texts {
    use std::path::PathBuf;
    use std::{env, fs};

    use leptos_i18n_codegen::gen_code;
    use leptos_i18n_parser::parse_locales::options::{Config, ParseOptions};
    use leptos_i18n_parser::parse_locales::parse_locales;

    /// # Panics
    /// If a text is missing in a language, or a file is not JSON: the build stops there.
    pub fn generate() {
        let options = ParseOptions::new().interpolate_display(true);
        let config = Config::new("en").and_then(|config| config.add_locale("zh")).expect("two language tags");
        let config = config.locales_path("src/ui/i18n/locales").parse_options(options);
        println!("cargo::rerun-if-changed=src/ui/i18n/locales");
        let texts = parse_locales(None, config).expect("the texts parse");
        for problem in texts.diag.warnings().iter() {
            println!("cargo::error={problem}");
        }
        for problem in texts.diag.errors().iter() {
            println!("cargo::error={problem}");
        }
        let code = gen_code(&texts, None, false, None, false).expect("the texts make a module");
        let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
        fs::write(out.join("i18n.rs"), code.to_string()).expect("OUT_DIR can be written");
    }
}
