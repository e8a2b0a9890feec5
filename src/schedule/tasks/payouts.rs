//! Pays out commissions that are due (F-7), and what people withdraw from their cash accounts (O-4).

use super::sending::send_all;
use crate::{
    clock::Instant,
    db::Txn,
    entity::enums::{PayoutProvider, PayoutPurpose},
    error::{Fault, Result},
    payouts::{self, rules::days::Calendar, store},
    providers::Paying,
    schedule::{
        self,
        execution::Execution,
        run::Run,
        task::{Counts, Outlook, Work},
    },
};

#[derive(Debug)]
pub struct Payouts(pub PayoutPurpose);

#[async_trait::async_trait]
impl Work for Payouts {
    /// Once a business day, as long as something waits: what is held today may be paid tomorrow.
    async fn due(&self, outlook: &Outlook<'_>) -> Result<Option<Instant>> {
        let Some(since) = store::find_waiting_since(&outlook.db, self.0).await? else { return Ok(None) };
        let calendar = Calendar { holidays: &outlook.policy.payouts.holidays };
        let last = schedule::store::find_last_success(&outlook.db, outlook.task, outlook.now).await?;
        let next = last.map_or(Instant::UNIX_EPOCH, |last| calendar.next_after(last));
        Ok(Some(since.max(next)))
    }

    async fn run(&self, run: &Run<'_>) -> Result<Counts> {
        let provider = match run.execution {
            Execution::Real(runner) => runner.providers()?.payouts.clone(),
            Execution::Within(_) => None,
        };
        let (mut payouts, mut cents, mut waiting) = (0, 0, 0);
        if provider.is_none() && matches!(run.execution, Execution::Real(_)) {
            let sentence =
                "nobody carries out payouts; set payouts.folder to write files for banks and PayPal";
            return Err(Fault::Setup(sentence.into()).into());
        }
        let by = provider.as_ref().map_or(PayoutProvider::Sandbox, Paying::provider);
        loop {
            let purpose = self.0;
            let pay = async |txn: &Txn| payouts::run_by_itself(txn, purpose, by, cents).await;
            let (applied, wait) = run.batch(pay).await?;
            (payouts, cents, waiting) = (payouts + applied.payouts, cents + applied.cents, waiting + wait);
            if applied.payouts == 0 {
                break;
            }
        }
        let (asked, known) = send_all(run).await?;
        Ok(Counts::from([
            ("payouts", payouts),
            ("cents", u64::try_from(cents).unwrap_or_default()),
            ("waiting", waiting),
            ("asked", asked),
            ("known", known),
        ]))
    }
}
