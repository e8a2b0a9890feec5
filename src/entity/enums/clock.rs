//! Which time a database lives in.

use super::text_enum;

text_enum! {
    /// Which time this server lives in.
    ClockKind {
        /// The machine's.
        System = "SYSTEM",
        /// A time that stands still until an admin advances it.
        Sandbox = "SANDBOX",
    }
}
