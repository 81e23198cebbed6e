//! Presets by name.

use crate::protocol::PresetDescription;
use crate::training::Entry;

/// The preset of this name, or the first.
///
/// # Errors
/// Names those that there are.
pub fn named(entry: &dyn Entry, name: Option<&str>) -> Result<PresetDescription, String> {
    let presets = entry.describe().presets;
    let names: Vec<String> = presets.iter().map(|preset| preset.name.clone()).collect();
    let preset = presets.into_iter().find(|preset| name.is_none_or(|name| preset.name == name));
    preset.ok_or_else(|| format!("{} has no such preset; it has {}", entry.id(), names.join(", ")))
}
