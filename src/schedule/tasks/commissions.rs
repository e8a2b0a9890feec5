//! Records commissions, locks them at the ends of months, and ends those that are not earned any more (F-5, F-6).

use crate::{
    clock::Instant,
    commissions,
    error::Result,
    schedule::{
        run::Run,
        task::{Counts, Outlook, Work},
    },
};

#[derive(Debug)]
pub struct Commissions;

#[async_trait::async_trait]
impl Work for Commissions {
    async fn due(&self, outlook: &Outlook<'_>) -> Result<Option<Instant>> {
        commissions::next_due(&outlook.db).await
    }

    async fn run(&self, run: &Run<'_>) -> Result<Counts> {
        let (mut recorded, mut closed, mut locked, mut ended) = (0, 0, 0, 0);
        loop {
            let swept = run.batch(commissions::sweep).await?;
            recorded += swept.recorded;
            closed += swept.closed;
            locked += swept.locked;
            ended += swept.ended;
            if swept.is_nothing() {
                return Ok(Counts::from([
                    ("recorded", recorded),
                    ("closed", closed),
                    ("locked", locked),
                    ("ended", ended),
                ]));
            }
        }
    }
}
