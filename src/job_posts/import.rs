//! Importing job posts in batches (J-1): each row once, identified by the client and a hash of its fields.

use std::collections::HashMap;

use serde::Serialize;

use super::{
    draft::Draft,
    rejection,
    rules::{self, Content, Origin, Terms, key, life::state_at},
    store,
    write::{blank, open},
};
use crate::{
    accounts,
    db::Txn,
    entity::{
        account,
        enums::{ExperienceLevel, JobCategory, JobPayment, JobPostState, JobVisibility},
        ids::AccountId,
        job_post,
    },
    error::{Rejection, Result},
    idempotency,
    input::{invalid, text::composed},
    policy::Import,
};

/// A row of a file; its amounts are in minor units of USD.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Title.
    pub title: String,
    /// Fixed price or hourly.
    pub payment: JobPayment,
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

/// The result of a batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Rows that became new posts.
    pub imported: u64,
    /// Rows whose posts existed already, or that came earlier in the batch.
    pub skipped: u64,
    /// Rows that this client had imported before and whose posts are over, by their place in the batch.
    pub refused: Vec<(usize, Rejection)>,
}

impl Row {
    /// The row with its texts in the form in which they are stored, and its category.
    ///
    /// # Errors
    /// `INVALID_INPUT` that names the field.
    pub fn checked(&self, policy: &Import) -> Result<(Self, JobCategory), Rejection> {
        let Content { title, skills, .. } = rules::checked(self.content(None), Origin::Imported)?;
        let row = Self { title, skills, category: composed(self.category.trim()), ..self.clone() };
        let known = policy.categories.get(&row.category).copied();
        let unknown =
            || invalid("category", "The policy's import table has no such category. Use one of its names.");
        Ok((row, known.ok_or_else(unknown)?))
    }

    fn content(&self, subcategory: Option<String>) -> Content {
        Content {
            title: self.title.clone(),
            description: String::new(),
            subcategory,
            skills: self.skills.clone(),
            terms: Terms {
                payment: self.payment,
                budget_cents: self.budget_cents,
                hourly_min_cents: self.hourly_min_cents,
                hourly_max_cents: self.hourly_max_cents,
                weekly_hours: None,
                duration_weeks: None,
            },
            hires_wanted: 1,
        }
    }

    /// The business key by which a second import of the row for `client` does nothing. The digest omits the client.
    fn business_key(&self, client: AccountId) -> Result<String> {
        let hash = idempotency::hash_of(self)?;
        Ok(key::of_row(client, &hash[..32]))
    }
}

/// Imports `rows`, which are checked, as open posts of `client`: each row once for this client. One whose post
/// is over stays over, and is refused by name.
///
/// # Errors
/// `INVALID_INPUT` for a row that is not checked; `ACCOUNT_SUSPENDED`, `ACCOUNT_CLOSED`; a [`Fault`](crate::error::Fault) of the database.
pub async fn import_batch(txn: &Txn, client: &account::Model, rows: &[Row]) -> Result<Imported> {
    let client = accounts::acting(txn, client.id).await?;
    let posts = rows.iter().map(|row| post(txn, client.account(), row)).collect::<Result<Vec<_>>>()?;
    let keys: Vec<_> = posts.iter().map(|post| post.business_key.clone()).collect();
    let known: HashMap<_, _> = store::list_standings(txn, &keys).await?.into_iter().collect();
    let over = |(place, key): (usize, &String)| {
        let (state, expires_at) = *known.get(key)?;
        let state = state_at(state, expires_at, txn.now());
        let live = matches!(state, JobPostState::Draft | JobPostState::Open);
        (!live).then(|| (place, rejection::imported_before(state)))
    };
    let refused: Vec<_> = keys.iter().enumerate().filter_map(over).collect();
    let imported = store::insert_posts(txn, posts).await?;
    Ok(Imported { imported, skipped: (rows.len() - refused.len()) as u64 - imported, refused })
}

fn post(txn: &Txn, client: &account::Model, row: &Row) -> Result<job_post::Model> {
    let (row, category) = row.checked(&txn.policy().import)?;
    let draft = Draft {
        content: row.content(Some(row.category.clone())),
        category,
        experience_level: row.experience_level,
        visibility: JobVisibility::Public,
    };
    let mut post = blank(txn, client.id, row.business_key(client.id)?, &draft);
    draft.write_into(txn, &mut post);
    open(txn, &mut post);
    Ok(post)
}
