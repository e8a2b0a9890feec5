//! Notifies owners before their Connects expire (L-6).

use crate::{
    clock::Instant,
    connects::{self, Announcement},
    db::Txn,
    error::Result,
    schedule::store,
    schedule::{
        run::Run,
        task::{Counts, Outlook, Work},
    },
};

#[derive(Debug)]
pub struct ExpiryNotices;

#[async_trait::async_trait]
impl Work for ExpiryNotices {
    async fn due(&self, outlook: &Outlook<'_>) -> Result<Option<Instant>> {
        let since = store::find_last_success(&outlook.db, outlook.task, outlook.now).await?;
        connects::next_announcement(&outlook.db, since, &outlook.policy.lots.notice_days).await
    }

    async fn run(&self, run: &Run<'_>) -> Result<Counts> {
        let begin = async |txn: &Txn| {
            let since = store::find_last_success(txn, run.task, txn.now()).await?;
            Ok(Announcement::new(since, &txn.policy().lots.notice_days))
        };
        let (mut announcement, mut notified) = (run.batch(begin).await?, 0);
        while let Some((owners, next)) = run.batch(async |txn| announcement.next(txn).await).await? {
            notified += owners;
            announcement = next;
        }
        Ok(Counts::from([("notified", notified)]))
    }
}
