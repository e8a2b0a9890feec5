//! Refusals by scheduled work.

use crate::error::{Code, Rejection};

/// The task is running elsewhere, or the clock is being advanced.
pub fn busy(what: &str) -> Rejection {
    let sentence = format!("{what} is running elsewhere; try again when it has ended.");
    Rejection::new(Code::Busy, sentence).by("Q-3")
}

/// There is no such task.
pub fn no_such_task() -> Rejection {
    let names: Vec<_> = super::TASKS.iter().map(|task| task.name.as_str()).collect();
    let sentence = format!("There is no such task; there are {}.", names.join(", "));
    Rejection::new(Code::NotFound, sentence).at("input.task").by("Q-2")
}
