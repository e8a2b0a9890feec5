//! Facts to be told to people, written in the same transaction as the fact (N-1).
//!
//! This is the in-app part. A notice has a key that is unique for the person: telling it twice is
//! telling it once.

pub mod store;

pub use store::{Notice, tell};

use crate::entity::{enums::NotificationKind, notification};

/// A notice as a sentence to its reader.
pub fn message_of(notice: &notification::Model) -> String {
    let day = notice.about_at.date_naive();
    match notice.kind {
        NotificationKind::ConnectsGranted => {
            format!(
                "{} Connects were added to your wallet for the billing cycle from {day}.",
                notice.quantity
            )
        }
        NotificationKind::ConnectsExpiring => {
            format!(
                "{} of your Connects expire soon, the first of them on {day}; spend them before.",
                notice.quantity
            )
        }
    }
}
