//! What the house knows of a person, for himself (P-6): section by section, a page at a time, so that no
//! export is ever held in memory.

use serde::Serialize;
use serde_json::Value;

use super::store;
use crate::{connects, db::Database, entity::ids::AccountId, error::Result, viewer::Viewer};

/// A kind of rows in an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Section {
    /// The account.
    Account,
    /// The roles he has.
    Role,
    /// When he was suspended or his account was closed, and why.
    Restriction,
    /// The devices he signed in with.
    Session,
    /// His wallet.
    Wallet,
    /// His billing cycle.
    Membership,
    /// His plans other than the free one.
    PlanPeriod,
    /// The lots of his wallet.
    Lot,
    /// The entries of his wallet.
    Entry,
    /// Which entry took how many from which lot.
    Movement,
    /// The proposals he sent.
    Proposal,
    /// The job posts he wrote.
    JobPost,
    /// The removals of his posts, and his appeals.
    Removal,
    /// The reports he made.
    Report,
    /// What he was told.
    Notification,
    /// The mails to him.
    Mail,
    /// What the audit log has about him.
    AuditEntry,
}

impl Section {
    /// All of them, in the order in which they are exported.
    pub const ALL: [Self; 17] = [
        Self::Account,
        Self::Role,
        Self::Restriction,
        Self::Session,
        Self::Wallet,
        Self::Membership,
        Self::PlanPeriod,
        Self::Lot,
        Self::Entry,
        Self::Movement,
        Self::Proposal,
        Self::JobPost,
        Self::Removal,
        Self::Report,
        Self::Notification,
        Self::Mail,
        Self::AuditEntry,
    ];
}

/// Where an export stands.
#[derive(Clone, Debug)]
pub struct Export {
    whose: store::Whose,
    section: usize,
    page: u64,
}

/// A row of an export.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// What it is.
    pub kind: Section,
    /// The row as it is stored, less what is secret.
    pub data: Value,
}

impl Export {
    /// The export of all that the house knows of `person`.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn of(db: &Database, person: &Viewer) -> Result<Self> {
        let account: AccountId = person.id();
        let wallet = connects::store::find_wallet_of(db.read(), account).await?.map(|wallet| wallet.id);
        Ok(Self { whose: store::Whose { account, wallet }, section: 0, page: 0 })
    }

    /// The next rows, and where to go on; nothing at the end.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn next(mut self, db: &Database) -> Result<Option<(Vec<Row>, Self)>> {
        let Some(&kind) = Section::ALL.get(self.section) else { return Ok(None) };
        let rows = store::list_rows(db.read(), kind, self.whose, self.page).await?;
        if (rows.len() as u64) < store::ROWS_AT_ONCE {
            (self.section, self.page) = (self.section + 1, 0);
        } else {
            self.page += 1;
        }
        Ok(Some((rows.into_iter().map(|data| Row { kind, data }).collect(), self)))
    }
}
