//! Matrices as int8: a number q in column c stands for q · s, where s is the scale of the column. The scales of `<name>` are the
//! tensor `<name>.scale` beside it, one for each column.

use super::WeightsError;

/// What the name of a matrix's scales ends with.
const SUFFIX: &str = ".scale";

/// Levels on either side of zero: -128 is left out, so that they are as many above as below.
const LEVELS: f32 = 127.0;

/// The name of the scales of the tensor `name`.
pub(super) fn scale_of(name: &str) -> String {
    format!("{name}{SUFFIX}")
}

/// The name of the tensor whose scales `name` would be.
pub(super) fn scaled_by(name: &str) -> Option<&str> {
    name.strip_suffix(SUFFIX)
}

/// Rows of `columns` numbers, rounded to the nearest level, and the scale of each column: its largest absolute value / 127.
pub(super) fn quantise(values: &[f32], columns: usize) -> (Vec<i8>, Vec<f32>) {
    let mut scales = vec![0.0_f32; columns];
    for (value, column) in values.iter().zip((0..columns).cycle()) {
        scales[column] = scales[column].max(value.abs() / LEVELS);
    }
    let level = |value: f32, scale: f32| if scale > 0.0 { (value / scale).round() as i8 } else { 0 };
    (values.iter().zip(scales.iter().cycle()).map(|(&value, &scale)| level(value, scale)).collect(), scales)
}

/// What the levels of the tensor `name` stand for, rows of as many as there are `scales`.
///
/// # Errors
/// [`WeightsError::Scale`] where a scale is negative, or 0 though its column is not.
pub(super) fn dequantise(name: &str, levels: &[u8], scales: &[f32]) -> Result<Vec<f32>, WeightsError> {
    let mut values = Vec::with_capacity(levels.len());
    for (&level, &scale) in levels.iter().zip(scales.iter().cycle()) {
        let level = level as i8;
        if !(scale > 0.0 || scale == 0.0 && level == 0) {
            return Err(WeightsError::Scale { tensor: scale_of(name) });
        }
        values.push(f32::from(level) * scale);
    }
    Ok(values)
}
