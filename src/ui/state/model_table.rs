//! The models side by side: what stands in a row, and the order of the rows.

use std::fmt;

use crate::protocol::{Card, ModelId};
use crate::ui::format::{clock, grouped};

/// A model as it is shipped.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub model: ModelId,
    /// Numbers in its code.
    pub code: usize,
    pub card: Card,
}

/// A figure that every row may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Code,
    Parameters,
    Error,
    PcaError,
    ClassifierError,
    PcaClassifierError,
    LogLikelihood,
    Time,
}

impl Column {
    /// From left to right.
    pub const ALL: [Column; 8] = [
        Column::Code,
        Column::Parameters,
        Column::Error,
        Column::PcaError,
        Column::ClassifierError,
        Column::PcaClassifierError,
        Column::LogLikelihood,
        Column::Time,
    ];

    /// What its name and explanation are looked up by.
    pub const fn key(self) -> &'static str {
        match self {
            Column::Code => "code",
            Column::Parameters => "parameters",
            Column::Error => "error",
            Column::PcaError => "pca_error",
            Column::ClassifierError => "classifier_error",
            Column::PcaClassifierError => "pca_classifier_error",
            Column::LogLikelihood => "log_likelihood",
            Column::Time => "time",
        }
    }

    /// Whether the larger value is the better one, which a first click puts first.
    pub const fn is_better_high(self) -> bool {
        matches!(self, Column::LogLikelihood)
    }

    /// The figure of `row`; None where the model has none.
    pub fn value(self, row: &Row) -> Option<f64> {
        let metric = |name: &str| row.card.metrics.get(name).copied();
        match self {
            Column::Code => Some(row.code as f64),
            Column::Parameters => Some(row.card.parameters as f64),
            // A model that takes noise away is measured without noise here.
            Column::Error => metric("squared_error").or_else(|| metric("squared_error_clean")),
            Column::PcaError => metric("pca_squared_error"),
            Column::ClassifierError => metric("linear_classifier_error"),
            Column::PcaClassifierError => metric("pca_linear_classifier_error"),
            Column::LogLikelihood => metric("parzen_log_likelihood"),
            Column::Time => row.card.seconds,
        }
    }

    /// The figure of `row` as it is written.
    pub fn text(self, row: &Row) -> String {
        let text = |value: f64| match self {
            Column::Code | Column::Parameters => grouped(value as usize),
            Column::Error | Column::PcaError => format!("{value:.5}"),
            Column::ClassifierError | Column::PcaClassifierError => format!("{:.1}\u{a0}%", 100.0 * value),
            Column::LogLikelihood => format!("{value:.0}"),
            Column::Time => clock(value as u32),
        };
        self.value(row).map_or("–".to_string(), text)
    }
}

/// How the rows are ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    pub column: Column,
    pub is_descending: bool,
}

impl Order {
    /// Reads a link: a column's key, after a minus where the largest comes first.
    pub fn parse(text: &str) -> Option<Order> {
        let (key, is_descending) = text.strip_prefix('-').map_or((text, false), |key| (key, true));
        let column = Column::ALL.into_iter().find(|column| column.key() == key)?;
        Some(Order { column, is_descending })
    }

    /// What a click on the head of `column` makes of the order before: the best first, then the worst first, then that of the chapters again.
    pub fn clicked(before: Option<Order>, column: Column) -> Option<Order> {
        let best = Order { column, is_descending: column.is_better_high() };
        match before.filter(|before| before.column == column) {
            None => Some(best),
            Some(order) if order == best => Some(Order { is_descending: !best.is_descending, ..best }),
            Some(_) => None,
        }
    }
}

impl fmt::Display for Order {
    /// As a link has it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.is_descending { "-" } else { "" }, self.column.key())
    }
}

/// `rows` in that order, those without the figure last; without an order, as they came.
pub fn sorted(mut rows: Vec<Row>, order: Option<Order>) -> Vec<Row> {
    if let Some(Order { column, is_descending }) = order {
        let sign = if is_descending { -1.0 } else { 1.0 };
        let place = |row: &Row| column.value(row).map_or(f64::INFINITY, |value| sign * value);
        rows.sort_by(|a, b| place(a).total_cmp(&place(b)));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &'static str, parameters: usize, metrics: &[(&str, f64)]) -> Row {
        let metrics = metrics.iter().map(|&(name, value)| (name.to_string(), value)).collect();
        let (config, recipe, date) = (serde_json::Value::Null, serde_json::Value::Null, String::new());
        let model = ModelId::new(name);
        let card = Card { model, config, recipe, seed: 0, epochs: 0, date, parameters, seconds: Some(200.0), metrics };
        Row { model, code: 2, card }
    }

    fn rows() -> Vec<Row> {
        vec![
            row("a", 3_922, &[("squared_error", 0.05), ("parzen_log_likelihood", 228.4)]),
            row("b", 1_316_824, &[("squared_error_clean", 0.003), ("linear_classifier_error", 0.0323)]),
            row("c", 500, &[("squared_error", 0.01), ("parzen_log_likelihood", 121.0)]),
        ]
    }

    fn names(order: Option<Order>) -> Vec<String> {
        sorted(rows(), order).iter().map(|row| row.model.name().to_string()).collect()
    }

    #[test]
    fn clicks_order_by_the_best_the_worst_and_not_at_all() {
        let error = Order::clicked(None, Column::Error);
        assert_eq!(names(error), ["b", "c", "a"]);
        assert_eq!(names(Order::clicked(error, Column::Error)), ["a", "c", "b"]);
        assert_eq!(Order::clicked(Order::clicked(error, Column::Error), Column::Error), None);
        assert_eq!(names(None), ["a", "b", "c"]);
        let other = Order::clicked(error, Column::LogLikelihood);
        assert_eq!(names(other), ["a", "c", "b"], "the largest first, and what has none last");
        assert_eq!(names(Order::clicked(other, Column::LogLikelihood)), ["c", "a", "b"]);
    }

    #[test]
    fn a_link_holds_the_order() {
        for text in ["error", "-log_likelihood", "-time"] {
            assert_eq!(Order::parse(text).map(|order| order.to_string()).as_deref(), Some(text));
        }
        assert_eq!(Order::parse("beauty"), None);
    }

    #[test]
    fn figures_are_written_as_they_are_read() {
        let rows = rows();
        let texts = |row: &Row| Column::ALL.map(|column| column.text(row));
        assert_eq!(texts(&rows[0]), ["2", "3,922", "0.05000", "–", "–", "–", "228", "3:20"]);
        assert_eq!(texts(&rows[1]), ["2", "1,316,824", "0.00300", "–", "3.2\u{a0}%", "–", "–", "3:20"]);
    }
}
