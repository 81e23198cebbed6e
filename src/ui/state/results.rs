//! What the page measures for the answers of exercises, which show it beside what was measured for them (www/measured.js). A text
//! names it as `{{live.<name>:<number of the exercise's link>}}`; the build refuses names that are not listed here.

/// Of what a figure shows, as the link set it up; without a link, as it stands.
pub const OF_FIGURES: [&str; 4] = ["error", "input_error", "active", "dimensions"];
/// Of a run with the link's settings, at its end: the whole loss, or `training.<part>`, where the part is one of the `losses` that
/// www/content/en/models.json names.
pub const OF_RUNS: [&str; 2] = ["training", "validation"];

/// What a text asks by: the name, and the link as the text has it; the name alone for a figure as it stands.
pub fn key(name: &str, link: &str) -> String {
    if link.is_empty() { name.to_string() } else { format!("{name} {link}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_as_it_stands_is_asked_for_by_its_name_alone() {
        assert_eq!(key("error", ""), "error");
        assert_eq!(key("training", "#/vae?set=epochs:3"), "training #/vae?set=epochs:3");
    }
}
