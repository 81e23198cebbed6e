//! What the page measures for the answers of exercises, which show it beside what was measured for them (www/measured.js). A text
//! names it as `{{live.<name>:<number of the exercise's link>}}`; the build refuses names that are not listed here.

/// Of what a figure shows, as the link set it up; without a link, as it stands.
pub const OF_FIGURES: [&str; 4] = ["error", "input_error", "active", "dimensions"];
/// Of a run with the link's settings, at its end: the whole loss, or `training.<part>`.
pub const OF_RUNS: [&str; 2] = ["training", "validation"];
/// The parts that losses have.
pub const PARTS: [&str; 9] = [
    "cross_entropy",
    "squared_error",
    "kl_divergence",
    "sparsity",
    "contraction",
    "l2",
    "classification",
    "discriminator",
    "generator",
];

/// What a text asks by: the name, and the link as the text has it; the name alone for a figure as it stands.
pub fn key(name: &str, link: &str) -> String {
    if link.is_empty() { name.to_string() } else { format!("{name} {link}") }
}
