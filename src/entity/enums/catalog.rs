//! The Project Catalog.

use super::text_enum;

text_enum! {
    /// The state of a project in the Project Catalog (O-3).
    ProjectState {
        /// Clients can order it.
        Published = "PUBLISHED",
        /// Its freelancer has withdrawn it.
        Withdrawn = "WITHDRAWN",
    }
}
