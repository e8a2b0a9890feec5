//! Deletes keys that signed nothing that is still valid.

use crate::{
    clock::Instant,
    error::Result,
    keyring,
    schedule::{
        run::Run,
        task::{Counts, Outlook, Work},
    },
};

#[derive(Debug)]
pub struct RetireKeys;

#[async_trait::async_trait]
impl Work for RetireKeys {
    async fn due(&self, outlook: &Outlook<'_>) -> Result<Option<Instant>> {
        keyring::next_retirement(&outlook.db).await
    }

    async fn run(&self, run: &Run<'_>) -> Result<Counts> {
        let retired = run.batch(keyring::retire_due).await?;
        Ok(Counts::from([("retired", retired.0.len() as u64)]))
    }
}
