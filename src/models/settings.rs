//! All that determines a run, read from JSON and checked once.

use burn::config::Config;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Autoencoder;
use super::recipe::Recipe;
use crate::protocol::settings::Setting;
use crate::protocol::{EngineError, OutOfRange, WeightsError};

/// All that determines a run, beside the examples.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings<C> {
    /// The model's Config.
    pub model: C,
    pub recipe: Recipe,
    pub seed: u64,
}

/// Settings that no run can have.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SettingsError {
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    #[error("{0}")]
    Unreadable(String),
    #[error("{0} is more than {LARGEST}")]
    TooLarge(f64),
    #[error("a list of {0} is longer than {LONGEST}")]
    TooLong(usize),
    #[error("this program does not train")]
    NoTrainer,
    #[error("there are no examples to train on")]
    NoExamples,
    #[error("the class of {found} examples is known where {expected} are asked for")]
    Labels { found: usize, expected: usize },
    #[error("the examples have {found} numbers where the model takes {expected}")]
    Width { found: usize, expected: usize },
    #[error("there must be at least one epoch, and one example in a batch")]
    NothingToDo,
    #[error("{0}")]
    LearningRate(String),
}

impl From<SettingsError> for EngineError {
    fn from(error: SettingsError) -> Self {
        match error {
            SettingsError::OutOfRange(error) => EngineError::OutOfRange(error),
            SettingsError::NoTrainer => EngineError::NoTrainer,
            other => EngineError::Settings(other.to_string()),
        }
    }
}

impl From<SettingsError> for WeightsError {
    fn from(error: SettingsError) -> Self {
        WeightsError::Settings { reason: error.to_string() }
    }
}

/// The largest number in a model's Config, and the longest list: no device should be asked for more.
const LARGEST: f64 = 2_000.0;
const LONGEST: usize = 16;

impl<C> Settings<C> {
    /// The settings of the JSON object `json`. Fields that it lacks, as files of earlier versions do, have their defaults.
    ///
    /// # Errors
    /// Refuses what is no such object, and numbers out of the ranges of `M`'s settings or absurdly large.
    pub fn parse<M: Autoencoder<Config = C>>(json: &str) -> Result<Self, SettingsError>
    where
        C: Config,
    {
        let lesson = M::lesson();
        let mut settings = read(json, &lesson.settings, &lesson.renamed)?;
        let (recipe, seed) = (take_recipe(&mut settings)?, typed(settings["seed"].take())?);
        Ok(Settings { model: take_config::<M>(&mut settings)?, recipe, seed })
    }
}

/// The Config in the JSON object `json` of a run's settings, whose other parts may be missing.
///
/// # Errors
/// Refuses what is no such object, and numbers that are out of range or absurdly large.
pub fn embedded_config<M: Autoencoder>(json: &str) -> Result<M::Config, SettingsError> {
    let lesson = M::lesson();
    take_config::<M>(&mut read(json, &lesson.settings, &lesson.renamed)?)
}

/// Settings with the names of today, in the ranges of `known`.
fn read(json: &str, known: &[Setting], renamed: &[(&str, &str)]) -> Result<Value, SettingsError> {
    let mut settings: Value = typed(serde_json::from_str(json).map_err(unreadable)?)?;
    if !settings.is_object() {
        return Err(SettingsError::Unreadable("the settings are no object".to_string()));
    }
    for (old, new) in renamed {
        if let Some(Value::Object(fields)) = settings.get_mut("model")
            && let Some(value) = fields.remove(*old)
        {
            fields.insert((*new).to_string(), value);
        }
    }
    for setting in known {
        setting.get(&settings).map_or(Ok(()), |number| setting.check(number))?;
    }
    Ok(settings)
}

fn take_recipe(settings: &mut Value) -> Result<Recipe, SettingsError> {
    let mut defaults = to_object(&Recipe::new(1));
    defaults.remove("epochs");
    complete(&mut settings["recipe"], defaults);
    typed(settings["recipe"].take())
}

fn take_config<M: Autoencoder>(settings: &mut Value) -> Result<M::Config, SettingsError> {
    check_size(&settings["model"])?;
    complete(&mut settings["model"], to_object(&M::Config::default()));
    typed(settings["model"].take())
}

/// Gives an object the fields of `defaults` that it lacks.
fn complete(object: &mut Value, defaults: Map<String, Value>) {
    if let Value::Object(fields) = object {
        for (name, value) in defaults {
            fields.entry(name).or_insert(value);
        }
    }
}

fn check_size(value: &Value) -> Result<(), SettingsError> {
    match value {
        Value::Number(number) => {
            let number = number.as_f64().unwrap_or(f64::INFINITY);
            if number > LARGEST { Err(SettingsError::TooLarge(number)) } else { Ok(()) }
        }
        Value::Array(values) if values.len() > LONGEST => Err(SettingsError::TooLong(values.len())),
        Value::Array(values) => values.iter().try_for_each(check_size),
        Value::Object(fields) => fields.values().try_for_each(check_size),
        _ => Ok(()),
    }
}

fn typed<T: DeserializeOwned>(value: Value) -> Result<T, SettingsError> {
    serde_json::from_value(value).map_err(unreadable)
}

fn unreadable(error: serde_json::Error) -> SettingsError {
    SettingsError::Unreadable(error.to_string())
}

fn to_object(value: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(value) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::models::layerwise::{Greedy, Layerwise};
    use crate::models::variational::{PosteriorScale, Variational, VariationalConfig};

    #[test]
    fn settings_of_earlier_versions_have_the_defaults_and_the_new_names() {
        let json = json!({"model": {"form": "sigma", "code": 7}, "recipe": {"epochs": 3}, "seed": 5}).to_string();
        let settings = Settings::parse::<Variational>(&json).unwrap();
        let model = VariationalConfig::new().with_posterior_scale(PosteriorScale::Sigma).with_code(7);
        assert_eq!(settings, Settings { model, recipe: Recipe::new(3), seed: 5 });
        let json = json!({"model": {"way": "Separate"}}).to_string();
        assert_eq!(embedded_config::<Layerwise>(&json).unwrap().greedy, Greedy::CachedCodes);
    }

    #[test]
    fn what_is_missing_broken_or_absurd_is_refused() {
        let parse = |settings: Value| Settings::parse::<Variational>(&settings.to_string()).unwrap_err();
        let recipe = json!({"epochs": 3});
        assert!(matches!(parse(json!([])), SettingsError::Unreadable(_)));
        assert!(matches!(parse(json!({"recipe": recipe, "seed": 1})), SettingsError::Unreadable(_)));
        assert!(matches!(parse(json!({"model": {}, "recipe": {}, "seed": 1})), SettingsError::Unreadable(_)));
        let hidden = json!({"model": {"hidden": [1_000_000]}, "recipe": recipe, "seed": 1});
        assert_eq!(parse(hidden), SettingsError::TooLarge(1e6));
        let code = json!({"model": {"code": 0}, "recipe": recipe, "seed": 1});
        assert!(matches!(parse(code), SettingsError::OutOfRange(OutOfRange { key, .. }) if key == "code"));
    }
}
