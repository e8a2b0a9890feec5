//! Ids of the Project Catalog.

typed_id! {
    /// A freelancer's work at a fixed price.
    ProjectId,
}
