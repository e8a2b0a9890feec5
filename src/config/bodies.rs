//! Settings of request bodies that are still arriving.

use serde::{Deserialize, Serialize};

/// How many request bodies may be arriving at once, and how fast each must arrive.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Bodies {
    /// Maximum unfinished bodies; beyond that the slowest is dropped.
    pub at_once: usize,
    /// Maximum unfinished bodies of one address, or of one IPv6 /64 network; beyond that its slowest is dropped.
    pub per_address: usize,
    /// Minimum speed of a body, in bytes per second on average.
    pub least_bytes_per_second: u32,
    /// Milliseconds for which a body may lag behind that speed, and for which it may pause.
    pub patience_ms: u32,
    /// Milliseconds within which it must be complete.
    pub timeout_ms: u32,
}

impl Default for Bodies {
    fn default() -> Self {
        Self {
            at_once: 512,
            per_address: 64,
            least_bytes_per_second: 1_024,
            patience_ms: 3_000,
            timeout_ms: 10_000,
        }
    }
}

impl Bodies {
    /// What is wrong with these settings, if anything.
    pub(super) fn complaint(&self) -> Option<&'static str> {
        let least = [self.least_bytes_per_second, self.patience_ms, self.timeout_ms];
        (self.at_once == 0 || self.per_address == 0 || least.contains(&0))
            .then_some("each setting of bodies must be at least 1")
    }
}
