//! The policy of referral campaigns.

use serde::{Deserialize, Serialize};

/// Referral campaigns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Referrals {
    /// Days after an invitation that has brought nobody, after which its owner is reminded (C-2).
    pub remind_days: i64,
}

impl Default for Referrals {
    fn default() -> Self {
        Self { remind_days: 7 }
    }
}
