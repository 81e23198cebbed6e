//! The device that a person chose.

/// Where the person wants the models to run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Preference {
    /// WebGPU where an adapter answers, the CPU elsewhere.
    #[default]
    Auto,
    Cpu,
    WebGpu,
}

impl Preference {
    /// The name in links: `?device=cpu`.
    pub const fn name(self) -> &'static str {
        match self {
            Preference::Auto => "auto",
            Preference::Cpu => "cpu",
            Preference::WebGpu => "webgpu",
        }
    }

    /// The preference of that name; [`Preference::Auto`] for any other.
    pub fn from_name(name: &str) -> Self {
        [Preference::Cpu, Preference::WebGpu].into_iter().find(|choice| choice.name() == name).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_names_a_device_or_leaves_it_open() {
        for preference in [Preference::Auto, Preference::Cpu, Preference::WebGpu] {
            assert_eq!(Preference::from_name(preference.name()), preference);
        }
        assert_eq!(Preference::from_name("abacus"), Preference::Auto);
    }
}
