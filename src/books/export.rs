//! The export of everything stored about a person, for that person (P-6): section by section, a page at a time, so
//! that no export is ever held in memory.

use serde::Serialize;
use serde_json::Value;

use crate::{
    accounts, affiliates, audit, cash, catalog, commissions, connects, contracts,
    db::{Database, Section, Whose},
    error::Result,
    job_posts, mails, memberships, notifications, payments, payouts, profiles, promo_codes, proposals,
    purchases, referrals, rooms, talent_badges, tickets,
    viewer::Viewer,
};

/// What each slice stores about a person, in the order of the export.
const SECTIONS: &[&[&dyn Section]] = &[
    accounts::SECTIONS,
    connects::SECTIONS,
    cash::SECTIONS,
    payments::SECTIONS,
    promo_codes::SECTIONS,
    purchases::SECTIONS,
    memberships::SECTIONS,
    proposals::SECTIONS,
    rooms::SECTIONS,
    catalog::SECTIONS,
    contracts::SECTIONS,
    affiliates::SECTIONS,
    talent_badges::SECTIONS,
    profiles::SECTIONS,
    referrals::SECTIONS,
    commissions::SECTIONS,
    payouts::SECTIONS,
    tickets::SECTIONS,
    job_posts::SECTIONS,
    notifications::SECTIONS,
    mails::SECTIONS,
    audit::SECTIONS,
];

/// Rows of one page.
const ROWS_AT_ONCE: u64 = 500;

/// The progress of an export.
#[derive(Clone, Debug)]
pub struct Export {
    whose: Whose,
    section: usize,
    page: u64,
}

/// A row of an export.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// The kind of row.
    pub kind: &'static str,
    /// The columns of the stored row that the person may have.
    pub data: Value,
}

impl Export {
    /// The export of everything stored about `person`.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn of(db: &Database, person: &Viewer) -> Result<Self> {
        let account = person.id();
        let wallet = connects::store::find_wallet_of(db.read(), account).await?.map(|wallet| wallet.id);
        Ok(Self { whose: Whose { account, wallet }, section: 0, page: 0 })
    }

    /// The next rows, with the new progress; `None` at the end.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn next(mut self, db: &Database) -> Result<Option<(Vec<Row>, Self)>> {
        let Some(section) = SECTIONS.iter().copied().flatten().nth(self.section) else { return Ok(None) };
        let page = (ROWS_AT_ONCE, self.page * ROWS_AT_ONCE);
        let rows = section.list(db.read(), self.whose, page).await?;
        if (rows.len() as u64) < ROWS_AT_ONCE {
            (self.section, self.page) = (self.section + 1, 0);
        } else {
            self.page += 1;
        }
        let row = |data| Row { kind: section.kind(), data };
        Ok(Some((rows.into_iter().map(row).collect(), self)))
    }
}
