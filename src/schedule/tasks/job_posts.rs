//! Warns clients before their posts expire, and expires them (J-4).

use crate::{
    clock::Instant,
    closing,
    error::Result,
    job_posts,
    schedule::{
        run::Run,
        task::{Counts, Outlook, Work},
    },
};

#[derive(Debug)]
pub struct JobPosts;

#[async_trait::async_trait]
impl Work for JobPosts {
    async fn due(&self, outlook: &Outlook<'_>) -> Result<Option<Instant>> {
        closing::next_deadline(&outlook.db).await
    }

    async fn run(&self, run: &Run<'_>) -> Result<Counts> {
        let (mut warned, mut expired) = (0, 0);
        loop {
            // There are no more warnings about posts that have expired.
            let ended = run.batch(closing::expire_due).await?;
            let ending = run.batch(job_posts::warn_due).await?;
            expired += ended;
            warned += ending;
            if ended + ending == 0 {
                return Ok(Counts::from([("warned", warned), ("expired", expired)]));
            }
        }
    }
}
