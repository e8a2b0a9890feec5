//! Scheduled work.

use super::text_enum;

text_enum! {
    /// What triggered a run.
    TaskTrigger {
        /// The task's timetable.
        Cron = "CRON",
        /// The task's timetable, for occurrences that were missed while no process was running.
        CatchUp = "CATCH_UP",
        /// An admin, through the API.
        Manual = "MANUAL",
        /// An operator, from the command line.
        Command = "COMMAND",
    }
}

text_enum! {
    /// The outcome of a run.
    TaskRunOutcome {
        /// The run has not ended.
        Running = "RUNNING",
        /// The run did everything that was due.
        Succeeded = "SUCCEEDED",
        /// An error stopped the run; its finished batches remain in effect.
        Failed = "FAILED",
        /// The process was asked to stop; the next run continues from there.
        Interrupted = "INTERRUPTED",
        /// The process died; the next run continues from there.
        Crashed = "CRASHED",
    }
}

text_enum! {
    /// The time that a task's timetable follows.
    TaskTime {
        /// Business time; in a sandbox the task runs only when the clock is advanced.
        Business = "BUSINESS",
        /// Wall time, even in a sandbox.
        Wall = "WALL",
    }
}
