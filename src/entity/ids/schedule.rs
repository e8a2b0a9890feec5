//! Ids of scheduled work.

typed_id! {
    /// One run of a scheduled task.
    TaskRunId,
}
