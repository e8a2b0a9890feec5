//! Scheduled work.

use super::text_enum;

text_enum! {
    /// What set a run off.
    TaskTrigger {
        /// The timetable.
        Cron = "CRON",
        /// The timetable, for what fell due while no process ran.
        CatchUp = "CATCH_UP",
        /// An admin, over the API.
        Manual = "MANUAL",
        /// A one-shot command.
        Command = "COMMAND",
    }
}

text_enum! {
    /// How a run ended.
    TaskRunOutcome {
        /// It has not ended.
        Running = "RUNNING",
        /// All that was due is done.
        Succeeded = "SUCCEEDED",
        /// An error stopped it; what its finished batches did stands.
        Failed = "FAILED",
        /// Its process was asked to stop; the next run goes on where it stood.
        Interrupted = "INTERRUPTED",
        /// Its process died; the next run goes on where it stood.
        Crashed = "CRASHED",
    }
}

text_enum! {
    /// Which time a task follows.
    TaskTime {
        /// Business time: in a sandbox it runs only when the clock is advanced.
        Business = "BUSINESS",
        /// The wall clock, in a sandbox too.
        Wall = "WALL",
    }
}
