//! Importing job posts in batches (J-1): twice is once, by a hash of the row's fields.

use serde::Serialize;

use super::{
    draft::Draft,
    rules, store,
    write::{blank, open},
};
use crate::{
    accounts,
    db::Txn,
    entity::{
        account,
        enums::{Category, ExperienceLevel, Payment, Visibility},
        job_post,
    },
    error::{Rejection, Result},
    idempotency,
    input::invalid,
    policy::Import,
};

/// A row of a file, its fields normalised: trimmed texts, amounts in minor units of USD.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Title.
    pub title: String,
    /// Fixed price or hourly.
    pub payment: Payment,
    /// Least hourly rate.
    pub hourly_min_cents: Option<i64>,
    /// Greatest hourly rate.
    pub hourly_max_cents: Option<i64>,
    /// Budget.
    pub budget_cents: Option<i64>,
    /// Experience asked for.
    pub experience_level: Option<ExperienceLevel>,
    /// The file's name for the category.
    pub category: String,
    /// Skills.
    pub skills: Vec<String>,
}

/// What became of a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Rows that are new posts now.
    pub imported: u64,
    /// Rows that were there already.
    pub skipped: u64,
}

impl Row {
    /// Checks what the post must be like, and finds its category.
    ///
    /// # Errors
    /// `INVALID_INPUT` that names the field.
    pub fn checked(&self, policy: &Import) -> Result<Category, Rejection> {
        rules::check_shape(&self.title, &self.skills, &self.terms())?;
        let known = policy.categories.get(&self.category).copied();
        known.ok_or_else(|| invalid("category", "The policy's import table has no such category."))
    }

    fn terms(&self) -> rules::Terms {
        rules::Terms {
            payment: self.payment,
            budget_cents: self.budget_cents,
            hourly_min_cents: self.hourly_min_cents,
            hourly_max_cents: self.hourly_max_cents,
            weekly_hours: None,
            duration_weeks: None,
        }
    }

    /// What makes importing it twice importing it once.
    fn business_key(&self) -> Result<String> {
        let hash = idempotency::hash_of(self)?;
        Ok(format!("import-{}", &hash[..32]))
    }
}

/// Imports `rows`, which are checked, as open posts of `client`.
///
/// # Errors
/// `INVALID_INPUT` for a row that is not checked; `ACCOUNT_SUSPENDED`, `ACCOUNT_CLOSED`; a [`Fault`](crate::error::Fault) of the database.
pub async fn import_batch(txn: &Txn, client: &account::Model, rows: &[Row]) -> Result<Imported> {
    accounts::store::lock_account(txn, client.id).await?;
    accounts::store::must_be_unrestricted(txn, client.id).await?;
    let posts = rows.iter().map(|row| post(txn, client, row)).collect::<Result<Vec<_>>>()?;
    let imported = store::insert_posts(txn, posts).await?;
    Ok(Imported { imported, skipped: rows.len() as u64 - imported })
}

fn post(txn: &Txn, client: &account::Model, row: &Row) -> Result<job_post::Model> {
    let draft = Draft {
        title: row.title.clone(),
        description: String::new(),
        category: row.checked(&txn.policy().import)?,
        subcategory: Some(row.category.clone()),
        skills: row.skills.clone(),
        terms: row.terms(),
        experience_level: row.experience_level,
        hires_wanted: 1,
        visibility: Visibility::Public,
    };
    let mut post = blank(txn, client.id, row.business_key()?, &draft);
    draft.write_into(txn, &mut post);
    open(txn, &mut post);
    Ok(post)
}
