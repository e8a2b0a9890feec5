//! Refusals by policy versions.

use crate::{
    clock::Instant,
    error::{Code, Rejection},
    input::invalid,
};

/// The document is no policy.
pub fn unreadable(why: &str) -> Rejection {
    let why = why.trim().trim_end_matches('.');
    invalid(
        "document",
        format!("The document cannot be read as a policy: {why}. Take the last version, and change that."),
    )
}

/// A value of the document makes no sense.
pub fn unsound(path: &str, sentence: &str) -> Rejection {
    invalid("document", format!("{sentence} Change `{path}`."))
}

/// Somebody else has written a version meanwhile.
pub fn superseded(last: i64) -> Rejection {
    let sentence = format!("Version {last} was written meanwhile. Read it, and change that.");
    Rejection::new(Code::Conflict, sentence).at("expectedVersion")
}

/// The version says what the last one says.
pub fn unchanged(last: i64) -> Rejection {
    invalid("document", format!("This is what version {last} says already. Change something."))
}

/// Nobody plans so far ahead.
pub fn too_late(latest: Instant) -> Rejection {
    invalid(
        "effectiveFrom",
        format!("A version takes effect at {latest} at the latest. Choose an earlier instant."),
    )
}

/// A version is in force from some time on, of which every process must know.
pub fn too_soon(earliest: Instant) -> Rejection {
    invalid(
        "effectiveFrom",
        format!("A version takes effect at {earliest} at the earliest. Choose a later instant."),
    )
}
