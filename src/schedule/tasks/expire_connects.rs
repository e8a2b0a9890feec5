//! Books lots that have expired (L-5).

use crate::{
    clock::Instant,
    connects,
    error::Result,
    schedule::{
        run::Run,
        task::{Counts, Outlook, Work},
    },
};

#[derive(Debug)]
pub struct ExpireConnects;

#[async_trait::async_trait]
impl Work for ExpireConnects {
    async fn due(&self, outlook: &Outlook<'_>) -> Result<Option<Instant>> {
        connects::next_expiry(&outlook.db).await
    }

    async fn run(&self, run: &Run<'_>) -> Result<Counts> {
        let mut expired = 0;
        while let Some(booked) = run.batch(connects::expire_due).await? {
            expired += booked;
        }
        Ok(Counts::from([("expired", expired)]))
    }
}
