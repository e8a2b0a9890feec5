//! Size limits of a GraphQL request.

use serde::{Deserialize, Serialize};

/// Size limits of a GraphQL request.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Maximum bytes of the body.
    pub body_bytes: usize,
    /// Maximum lexical tokens of the document.
    pub tokens: usize,
    /// Maximum levels of fields.
    pub depth: usize,
    /// Maximum aliased fields.
    pub aliases: usize,
    /// Maximum fields at the root.
    pub root_fields: usize,
    /// Maximum directives.
    pub directives: usize,
    /// Maximum fields after fragments are expanded.
    pub selections: usize,
    /// Maximum cost: an object costs 1, a connection its page size times its children, introspection 500.
    pub cost: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 256 * 1024,
            tokens: 2_000,
            depth: 15,
            aliases: 30,
            root_fields: 20,
            directives: 50,
            selections: 5_000,
            cost: 10_000,
        }
    }
}
