//! Warns clients before their posts expire, expires them (J-4), and expires offers (O-1).

use crate::{
    clock::Instant,
    closing, contracts,
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
        let post = closing::next_deadline(&outlook.db).await?;
        let offer = contracts::next_deadline(&outlook.db).await?;
        Ok(post.into_iter().chain(offer).min())
    }

    async fn run(&self, run: &Run<'_>) -> Result<Counts> {
        let (mut warned, mut expired, mut offers) = (0, 0, 0);
        loop {
            // Offers end before their posts, and there are no more warnings about posts that have expired.
            let unanswered = run.batch(contracts::expire_due).await?;
            let ended = run.batch(closing::expire_due).await?;
            let ending = run.batch(job_posts::warn_due).await?;
            expired += ended;
            warned += ending;
            offers += unanswered;
            if ended + ending + unanswered == 0 {
                return Ok(Counts::from([("warned", warned), ("expired", expired), ("offers", offers)]));
            }
        }
    }
}
