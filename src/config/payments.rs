//! Settings of payments.

use serde::{Deserialize, Serialize};

/// Who collects payments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    /// The built-in one in a sandbox, and nobody in system time.
    #[default]
    Auto,
    /// The built-in one, which moves no money: anybody can fund anything with its test tokens.
    Sandbox,
    /// Nobody: what costs money is refused.
    None,
}

/// Settings of payments.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Payments {
    /// Who collects them.
    pub provider: Provider,
}
