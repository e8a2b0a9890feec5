//! The kinds of business clock.

use super::text_enum;

text_enum! {
    /// The clock that this server follows.
    ClockKind {
        /// The machine's clock.
        System = "SYSTEM",
        /// A clock that stands still until an admin advances it.
        Sandbox = "SANDBOX",
    }
}
