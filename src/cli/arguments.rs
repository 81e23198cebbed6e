//! What the command line may say.

use std::path::PathBuf;

use clap::{ArgGroup, Parser};

use crate::weights::SEED;

/// Trains a model and writes its weights and card. Ctrl-C saves the run; the same command resumes it.
#[derive(Clone, Debug, Parser)]
#[command(name = "train")]
// Each of these does something in place of training a model, and only one at a time.
#[command(group = ArgGroup::new("task").multiple(false))]
// What says how a model is trained.
#[command(group = ArgGroup::new("training").multiple(true))]
pub struct Arguments {
    /// A model's name, or all (the default of what trains nothing)
    #[arg(required_unless_present = "task")]
    pub(super) model: Option<String>,
    /// Sizes and recipe, by the name of one of the model's presets [default: its first]
    #[arg(long, group = "training")]
    pub(super) preset: Option<String>,
    /// Passes over the training examples in each phase [default: the preset's]
    #[arg(long, group = "training")]
    pub(super) epochs: Option<usize>,
    /// Examples in a step [default: the preset's]
    #[arg(long, group = "training")]
    pub(super) batch: Option<usize>,
    /// Peak learning rate [default: the preset's]
    #[arg(long, group = "training")]
    pub(super) learning_rate: Option<f64>,
    /// Any other setting of the model, by its key: kl_weight=2 (repeat it for more)
    #[arg(long, group = "training", value_name = "KEY=NUMBER", value_parser = key_and_number)]
    pub(super) set: Vec<(String, f64)>,
    /// Determines weights, order and noise
    #[arg(long, group = "training", default_value_t = SEED)]
    pub(super) seed: u64,
    /// Begin anew, though a run was interrupted
    #[arg(long, group = "training")]
    pub(super) fresh: bool,
    /// Train nothing: recompute the figures of the weights, and compare them with the card and the bars
    #[arg(long, groups = ["task", "recorded"], conflicts_with = "training")]
    pub(super) evaluate: bool,
    /// Train nothing: estimate the log-likelihood of the test images by samples of the weights, Gaussians about them (Parzen windows)
    #[arg(long, group = "task", conflicts_with = "training")]
    pub(super) parzen: bool,
    /// Train nothing: bound the log-likelihood of the test images, binarised, under a variational autoencoder that learnt from such images
    #[arg(long, group = "task", requires = "model", conflicts_with_all = ["training", "runs"])]
    pub(super) bound: bool,
    /// Train a tenth of an epoch, write no weights: tell how long the training takes here
    #[arg(long, groups = ["task", "recorded"], conflicts_with_all = ["training", "runs"])]
    pub(super) time: bool,
    /// Train nothing: write pictures of what the models make of ten test digits
    #[arg(long, group = "task", conflicts_with_all = ["training", "runs"])]
    pub(super) pictures: bool,
    /// With --evaluate or --time: write the figures on the card
    #[arg(long, requires = "recorded")]
    pub(super) record: bool,
    /// Train nothing: try in how many units gradient ascent on the pixels beats the best test image
    #[arg(long, group = "task", conflicts_with_all = ["training", "runs"])]
    pub(super) maximise: bool,
    /// Write no weights: train what the model is compared with, and itself, side by side, and write how they fared
    #[arg(long, group = "task", requires = "model", conflicts_with_all = ["training", "runs"])]
    pub(super) compare: bool,
    /// Train nothing: write the principal components of the training images, which the page compares the models with
    #[arg(long, group = "task", conflicts_with_all = ["model", "training", "runs"])]
    pub(super) pca: bool,
    /// Train classifiers on few labels, pretrained and not, and write how many test digits each tells; what the file has already is
    /// kept. Ctrl-C saves; the same command goes on
    #[arg(long, group = "task", conflicts_with_all = ["model", "training"])]
    pub(super) pretraining: bool,
    /// Train nothing: write the first 500 test images as files of their own, into the folder of MNIST's
    #[arg(long, group = "task", conflicts_with_all = ["model", "training", "output", "runs"])]
    pub(super) test_digits: bool,
    /// Folder of MNIST's four files, gzipped
    #[arg(long, default_value = "www/data/mnist")]
    pub(super) data: PathBuf,
    /// Folder of the weights and cards
    #[arg(long, default_value = "www/models")]
    pub(super) output: PathBuf,
    /// Folder of the interrupted runs
    #[arg(long, default_value = "runs")]
    pub(super) runs: PathBuf,
}

/// What the command is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Task {
    PrincipalComponents,
    Pretraining,
    TestDigits,
    /// For one model, or for each of them.
    OfModels(ModelTask),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ModelTask {
    Train,
    Evaluate,
    Parzen,
    Bound,
    Time,
    Pictures,
    Maximise,
    Compare,
}

impl Arguments {
    pub(super) fn task(&self) -> Task {
        let tasks = [
            (self.pca, Task::PrincipalComponents),
            (self.pretraining, Task::Pretraining),
            (self.test_digits, Task::TestDigits),
            (self.evaluate, Task::OfModels(ModelTask::Evaluate)),
            (self.parzen, Task::OfModels(ModelTask::Parzen)),
            (self.bound, Task::OfModels(ModelTask::Bound)),
            (self.time, Task::OfModels(ModelTask::Time)),
            (self.pictures, Task::OfModels(ModelTask::Pictures)),
            (self.maximise, Task::OfModels(ModelTask::Maximise)),
            (self.compare, Task::OfModels(ModelTask::Compare)),
        ];
        let asked_for = tasks.into_iter().find_map(|(is_asked_for, task)| is_asked_for.then_some(task));
        asked_for.unwrap_or(Task::OfModels(ModelTask::Train))
    }
}

fn key_and_number(text: &str) -> Result<(String, f64), String> {
    let (key, number) = text.split_once('=').ok_or("a key, =, and a number are expected")?;
    let number = number.parse().map_err(|_| format!("{number} is no number"))?;
    Ok((key.to_string(), number))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn parsed(line: &str) -> Result<Arguments, clap::Error> {
        Arguments::try_parse_from(["train"].into_iter().chain(line.split_whitespace()))
    }

    fn accepts(line: &str) -> bool {
        parsed(line).is_ok()
    }

    /// Every flag, but for two that change what another does.
    fn task_flags() -> Vec<String> {
        let command = Arguments::command();
        let is_flag = |argument: &&clap::Arg| matches!(argument.get_action(), clap::ArgAction::SetTrue);
        let flags = command.get_arguments().filter(is_flag).filter_map(clap::Arg::get_long);
        flags.filter(|flag| !["fresh", "record"].contains(flag)).map(str::to_owned).collect()
    }

    #[test]
    fn the_flags_are_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn every_flag_has_a_task_of_its_own() {
        let task =
            |flag: &String| parsed(&format!("--{flag}")).or_else(|_| parsed(&format!("vae --{flag}"))).unwrap().task();
        let mut tasks: Vec<Task> = task_flags().iter().map(task).collect();
        tasks.push(parsed("vae").unwrap().task());
        for (index, task) in tasks.iter().enumerate() {
            assert!(!tasks[..index].contains(task), "{task:?} twice");
        }
    }

    #[test]
    fn one_task_at_a_time() {
        let tasks = task_flags();
        for (index, first) in tasks.iter().enumerate() {
            for second in &tasks[index + 1..] {
                assert!(!accepts(&format!("--{first} --{second}")), "without a model: {first}, {second}");
                assert!(!accepts(&format!("vae --{first} --{second}")), "{first}, {second}");
            }
        }
    }

    #[test]
    fn what_has_its_own_settings_takes_no_others() {
        for line in [
            "vae",
            "all --preset notebook --seed 1",
            "--evaluate",
            "vae --evaluate",
            "--evaluate --record",
            "--parzen",
            "vae --parzen",
            "vae --bound --output folder",
            "--time --record",
            "vae --time",
            "--pictures",
            "--maximise",
            "deep --maximise",
            "--pca --output folder",
            "--test-digits --data folder",
            "--pretraining --output folder --runs folder",
            "all --compare",
        ] {
            assert!(accepts(line), "{line}");
        }
        for line in [
            "",
            "--evaluate --epochs 2",
            "vae --record",
            "--parzen --evaluate",
            "vae --parzen --record",
            "vae --parzen --seed 1",
            "--bound",
            "vae --bound --seed 1",
            "--time --parzen",
            "--pictures --record",
            "--pictures --seed 1",
            "--maximise --evaluate",
            "--maximise --epochs 2",
            "--pca --evaluate",
            "vae --pca",
            "--pca --seed 1",
            "--pca --fresh",
            "vae --pretraining",
            "--pretraining --seed 1",
            "--pretraining --test-digits",
            "vae --test-digits",
            "--test-digits --pca",
            "--test-digits --evaluate",
            "--compare",
            "vae --compare --evaluate",
            "vae --compare --pca",
            "vae --compare --epochs 2",
        ] {
            assert!(!accepts(line), "{line:?}");
        }
    }
}
