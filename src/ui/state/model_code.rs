//! A model as a program of its own, in Python with PyTorch and in Rust with burn: `code/<model>.py`, `code/<model>.rs`.
//!
//! Each is a program that runs as it is, with the settings of the shipped weights. A line that ends in a comment `{/model/code}` defines
//! a value; the comment is a JSON pointer (RFC 6901) to where it stands in the settings of a run.

use serde_json::Value;

/// The ending of a program's name says what it is written in.
pub const PYTHON: &str = "py";
pub const RUST: &str = "rs";

/// Where a program of `model` is, relative to the page.
pub fn path(model: &str, language: &str) -> String {
    format!("code/{model}.{language}")
}

/// The `program` with the values of `settings`, those of a run, in place of its own. What they lack, noise for one, is 0.
pub fn with_settings(program: &str, settings: &Value) -> String {
    let mut filled = String::new();
    for line in program.lines() {
        match defined(line, settings) {
            Some(line) => filled.push_str(&line),
            None => filled.push_str(line),
        }
        filled.push('\n');
    }
    filled
}

/// The line with the value that its comment tells of; None where it has no such comment.
fn defined(line: &str, settings: &Value) -> Option<String> {
    let (code, pointer) = line.strip_suffix('}')?.rsplit_once('{')?;
    let (name, old) = code.trim_end_matches([' ', '/', '#']).split_once(" = ")?;
    // `const CODE: usize = 20;`, `#[config(default = 20)]`, and in Python `CODE = 20`
    let end = [";", ")]"].into_iter().find(|end| old.ends_with(end)).unwrap_or_default();
    let is_python = end.is_empty();
    let value = settings.pointer(pointer).unwrap_or(&Value::Null);
    let json = value.to_string();
    let value = match value {
        Value::Null if old.contains('.') => "0.0".to_string(),
        Value::Null => "0".to_string(),
        Value::Bool(true) if is_python => "True".to_string(),
        Value::Bool(false) if is_python => "False".to_string(),
        Value::Array(_) => {
            let list = json.replace(',', ", ");
            if is_python { list } else { ["\"vec!", &list, "\""].concat() }
        }
        Value::String(text) if !is_python => {
            let (kind, _) = old.split_once("::")?;
            [kind, "::", &camel_case(text), "\""].concat()
        }
        _ => json,
    };
    Some([name, " = ", &value, end].concat())
}

/// `SquaredError` for `squared_error`.
fn camel_case(text: &str) -> String {
    let mut name = String::new();
    let mut begins = true;
    for letter in text.chars() {
        match letter {
            '_' => begins = true,
            letter => {
                name.push(if begins { letter.to_ascii_uppercase() } else { letter });
                begins = false;
            }
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_those_of_the_settings() {
        let settings = json!({
            "model": {"hidden": [500, 20], "posterior_scale": "log_variance", "l2": 1.0, "varied": false},
            "recipe": {"noise": null},
        });
        for (line, filled) in [
            ("HIDDEN = [1]  # {/model/hidden}", "HIDDEN = [500, 20]"),
            ("    #[config(default = \"vec![1]\")] // {/model/hidden}", "    #[config(default = \"vec![500, 20]\")]"),
            ("POSTERIOR_SCALE = \"sigma\"  # {/model/posterior_scale}", "POSTERIOR_SCALE = \"log_variance\""),
            (
                "#[config(default = \"PosteriorScale::Sigma\")] // {/model/posterior_scale}",
                "#[config(default = \"PosteriorScale::LogVariance\")]",
            ),
            ("VARIED = True  # {/model/varied}", "VARIED = False"),
            ("#[config(default = true)] // {/model/varied}", "#[config(default = false)]"),
            ("const L2: f64 = 0.5; // {/model/l2}", "const L2: f64 = 1.0;"),
            ("NOISE = 0.5  # {/recipe/noise/sigma}", "NOISE = 0.0"),
            ("const EPOCHS: usize = 5; // {/recipe/noise/epochs}", "const EPOCHS: usize = 0;"),
            ("    text = f\"{code}\"", "    text = f\"{code}\""),
            ("}", "}"),
        ] {
            assert_eq!(with_settings(line, &settings), format!("{filled}\n"));
        }
    }
}
