//! Refusals by scheduled work.

use crate::{
    clock::Instant,
    error::{Code, Rejection},
    input,
};

/// The task is running elsewhere, or the clock is being advanced.
pub fn busy(what: &str) -> Rejection {
    let sentence = format!("{what} is already running. Try again when it has ended.");
    Rejection::new(Code::Busy, sentence).by("Q-3")
}

/// The clock is being advanced already.
pub fn advancing(now: Instant, to: Instant) -> Rejection {
    let sentence = format!(
        "An advance of the clock to {to} is running and has reached {now}. Try again when it has ended."
    );
    Rejection::new(Code::Busy, sentence).by("Q-3")
}

/// One advance cannot go so far.
pub fn too_far(years: u32, farthest: Instant) -> Rejection {
    let sentence = format!(
        "One advance of the clock covers at most {years} years. Advance it to {farthest} first, or less far."
    );
    input::invalid("to", sentence).by("Q-5")
}

/// Sandbox time cannot go there.
pub fn out_of_time() -> Rejection {
    let sentence = "Sandbox time must lie between 1970 and 9997. Advance it less far.";
    input::invalid("to", sentence).by("Q-5")
}

/// The machine's clock is too far ahead to be believed.
pub fn implausible(now: Instant, seen: Instant) -> Rejection {
    let sentence = format!(
        "The machine's clock says {now}, but the last sign of life was at {seen}. Tasks are paused until you set the \
        clock right, or confirm it with `connects clock confirm`."
    );
    Rejection::new(Code::ClockImplausible, sentence).by("Q-1")
}

/// There is no such task; `names` are the ones there are.
pub fn no_such_task(names: &[&str]) -> Rejection {
    let sentence = format!("There is no such task. Use one of {}.", names.join(", "));
    Rejection::new(Code::NotFound, sentence).at("task").by("Q-2")
}
