//! What people are notified of in the program, written in the same transaction as the fact (N-1).
//!
//! Each slice declares its own in `notifications.rs`: an [`Event`] with its sentence, and beside it what is stored. A
//! notification has a key that is unique for the person, so that a second one with the same key is not written.

pub mod store;

use std::fmt::Display;

use chrono::NaiveDate;
use serde_json::Value;

pub use store::{
    OwnerNotification, Recipients, SECTIONS, WalletSums, erase_of, insert_notifications, mark_read, notify,
    notify_all, notify_owners,
};

use crate::{
    clock::Instant,
    entity::{
        enums::NotificationKind,
        ids::{AccountId, JobPostId},
        notification,
    },
    money::Connects,
};

/// Something that people are notified of, with the sentence to them.
#[derive(Clone, Copy, Debug)]
pub struct Event {
    /// What it is about.
    pub kind: NotificationKind,
    /// The sentence to its reader.
    pub sentence: fn(&Said<'_>) -> String,
}

impl Event {
    /// A key for the object `what` of the event.
    pub fn key(&self, what: impl Display) -> String {
        format!("{}/{what}", self.kind)
    }
}

/// A notification to one person.
#[derive(Clone, Debug)]
pub struct Notification {
    account: AccountId,
    kind: NotificationKind,
    key: String,
    job_post: Option<JobPostId>,
    subject: Option<String>,
    quantity: Option<Connects>,
    facts: Option<Value>,
    about_at: Instant,
}

impl Notification {
    /// To `account`, of an event at `about_at`; `key` is unique for the person.
    pub fn new(event: &Event, account: AccountId, key: String, about_at: Instant) -> Self {
        Self {
            account,
            kind: event.kind,
            key,
            job_post: None,
            subject: None,
            quantity: None,
            facts: None,
            about_at,
        }
    }

    /// About a job post.
    #[must_use]
    pub fn on(self, job_post: JobPostId, title: &str) -> Self {
        Self { job_post: Some(job_post), ..self.titled(title) }
    }

    /// About something with this title.
    #[must_use]
    pub fn titled(self, title: &str) -> Self {
        Self { subject: Some(title.to_owned()), ..self }
    }

    /// About so many Connects.
    #[must_use]
    pub fn of(self, quantity: Connects) -> Self {
        Self { quantity: Some(quantity), ..self }
    }

    /// With more facts, such as the reason that was given.
    #[must_use]
    pub fn with(self, facts: Value) -> Self {
        Self { facts: Some(facts), ..self }
    }
}

/// The facts of a sentence.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    /// The title of the job post.
    pub title: &'a str,
    /// Connects.
    pub quantity: i64,
    /// The day it is about.
    pub day: NaiveDate,
    facts: Option<&'a Value>,
}

impl<'a> Said<'a> {
    /// The facts of `row`.
    pub fn of(row: &'a notification::Model) -> Self {
        Self {
            title: row.subject.as_deref().unwrap_or_default(),
            quantity: row.quantity.unwrap_or_default(),
            day: row.about_at.date_naive(),
            facts: row.facts.as_ref(),
        }
    }

    /// The fact of this name; nothing if there is none, or it was erased.
    pub fn fact(&self, name: &str) -> &str {
        self.facts.and_then(|all| all[name].as_str()).unwrap_or_default()
    }

    /// The title followed by these facts; only the title's replacement once they were erased.
    pub fn title_and(&self, facts: &[&str]) -> String {
        let Some(all) = self.facts else { return self.title.to_owned() };
        let words: Vec<_> = facts.iter().filter_map(|fact| all[fact].as_str()).collect();
        format!("\"{}\": {}", self.title, words.join(". "))
    }
}
