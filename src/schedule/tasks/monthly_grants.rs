//! Issues the Connects of every cycle that has begun (M-4).

use crate::{
    clock::Instant,
    error::Result,
    memberships,
    schedule::{
        run::Run,
        task::{Counts, Outlook, Work},
    },
};

#[derive(Debug)]
pub struct MonthlyGrants;

#[async_trait::async_trait]
impl Work for MonthlyGrants {
    async fn due(&self, outlook: &Outlook<'_>) -> Result<Option<Instant>> {
        memberships::next_due(&outlook.db).await
    }

    async fn run(&self, run: &Run<'_>) -> Result<Counts> {
        let mut issued = 0;
        while let Some(entries) = run.batch(memberships::issue_due).await? {
            issued += entries;
        }
        Ok(Counts::from([("issued", issued)]))
    }
}
