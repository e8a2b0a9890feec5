//! Facts to be told to people, written in the same transaction as the fact (N-1).
//!
//! This is the in-app part. A notice has a key that is unique for the person: telling it twice is
//! telling it once.

pub mod store;

pub use store::{Notice, Told, mark_read, tell, tell_all, tell_each};

use crate::entity::{enums::NotificationKind, notification};

/// A notice as a sentence to its reader.
pub fn message_of(notice: &notification::Model) -> String {
    use NotificationKind as Kind;
    let (day, quantity) = (notice.about_at.date_naive(), notice.quantity.unwrap_or_default());
    let subject = notice.subject.as_deref().unwrap_or_default();
    match notice.kind {
        Kind::ConnectsGranted => {
            format!("{quantity} Connects were added to your wallet for the billing cycle from {day}.")
        }
        Kind::ConnectsExpiring => {
            format!("{quantity} of your Connects expire soon, the first of them on {day}; spend them before.")
        }
        Kind::ConnectsReturned => {
            format!(
                "\"{subject}\" was cancelled or taken down: the {quantity} Connects of your proposal are back."
            )
        }
        Kind::ProposalReceived => format!("A proposal came in for \"{subject}\"."),
        Kind::ProposalDeclined => format!("The client of \"{subject}\" declined your proposal."),
        Kind::ProposalWithdrawn => format!("A freelancer withdrew his proposal to \"{subject}\"."),
        Kind::ProposalArchived => format!("\"{subject}\" has ended, and your proposal with it."),
        Kind::JobPostExpiring => {
            format!("\"{subject}\" expires on {day}; edit it, and it stays open.")
        }
        Kind::JobPostExpired => {
            format!("\"{subject}\" has expired; post it anew if you still look for someone.")
        }
        Kind::JobPostRemoved => format!("Your job post was taken down. {subject} You may appeal once."),
        Kind::ReportDecided => format!("Your report was decided. {subject}"),
        Kind::AppealAnswered => format!("Your appeal was answered. {subject}"),
    }
}
