//! Refusals by scheduled work.

use crate::{
    clock::Instant,
    error::{Code, Rejection},
    input,
};

/// The task is running elsewhere, or the clock is being advanced.
pub fn busy(what: &str) -> Rejection {
    let sentence = format!("{what} is running elsewhere; try again when it has ended.");
    Rejection::new(Code::Busy, sentence).by("Q-3")
}

/// The clock is being advanced already.
pub fn advancing(now: Instant, to: Instant) -> Rejection {
    let sentence = format!(
        "An advance of the clock to {to} is under way and stands at {now}; try again when it has ended."
    );
    Rejection::new(Code::Busy, sentence).by("Q-3")
}

/// One advance does not go so far.
pub fn too_far(years: u32, farthest: Instant) -> Rejection {
    let sentence =
        format!("One advance of the clock goes at most {years} years; go to {farthest} first, or less far.");
    input::invalid("to", sentence).by("Q-5")
}

/// Sandbox time cannot stand there.
pub fn out_of_time() -> Rejection {
    let sentence = "Sandbox time lies between 1970 and 9997; advance it less far.";
    input::invalid("to", sentence).by("Q-5")
}

/// The machine's clock lies too far ahead to be believed.
pub fn implausible(now: Instant, seen: Instant) -> Rejection {
    let sentence = format!(
        "The machine's clock says {now}, and the last sign of life is of {seen}; tasks rest until the clock is set \
         right, or `connects clock confirm` says that it is."
    );
    Rejection::new(Code::ClockImplausible, sentence).by("Q-1")
}

/// There is no such task.
pub fn no_such_task() -> Rejection {
    let names: Vec<_> = super::TASKS.iter().map(|task| task.name).collect();
    let sentence = format!("There is no such task; there are {}.", names.join(", "));
    Rejection::new(Code::NotFound, sentence).at("task").by("Q-2")
}
