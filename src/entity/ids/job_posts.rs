//! Ids of job posts and what belongs to them.

typed_id! {
    /// A client's job post.
    JobPostId,
    /// A report of a job post.
    ReportId,
}
