//! Asks the payment provider about payments and refunds whose outcome is not known (B-3), and about what banks took back
//! (O-5).

use std::collections::BTreeMap;

use super::sending::send_all;
use chrono::TimeDelta;
use futures_util::{Stream, StreamExt, stream};
use sea_orm::Iterable;

use crate::{
    clock::Instant,
    db::Txn,
    entity::{
        enums::PaymentProvider,
        ids::{PaymentId, RefundId},
    },
    error::{Error, Fault, Result},
    payments::{self, rules::asked_again_at, store},
    payouts,
    providers::payments::{Chargeback, Payments as Provider, sandbox},
    schedule::{
        self,
        execution::Execution,
        run::Run,
        runner::Runner,
        task::{Counts, Outlook, Work},
    },
    settlement,
};

/// Payments or refunds that are claimed at once.
const AT_ONCE: u64 = 50;

/// Those of them that the provider is asked about at a time.
const AT_A_TIME: usize = 8;

/// How often a provider outside is asked what banks took back.
const LOOK_EVERY: TimeDelta = TimeDelta::hours(1);

/// For how long after its removal a payment method makes the task due. One of a provider that is not configured any more
/// cannot be forgotten, and must not keep the task awake for ever.
const FORGOTTEN_WITHIN: TimeDelta = TimeDelta::days(1);

#[derive(Debug)]
pub struct Payments;

#[async_trait::async_trait]
impl Work for Payments {
    async fn due(&self, outlook: &Outlook<'_>) -> Result<Option<Instant>> {
        let (open, ours) =
            (store::find_next(&outlook.db).await?, sandbox::next_chargeback(&outlook.db).await?);
        let forgotten = store::find_to_forget(&outlook.db, outlook.now - FORGOTTEN_WITHIN).await?;
        let payout = payouts::store::find_next_question(&outlook.db).await?;
        Ok([open, ours, forgotten, payout, next_look(outlook).await?].into_iter().flatten().min())
    }

    async fn run(&self, run: &Run<'_>) -> Result<Counts> {
        match run.execution {
            Execution::Real(runner) => ask(run, runner).await,
            Execution::Within(_) => rehearse(run).await,
        }
    }
}

/// When a provider outside is asked again what banks took back, if it has collected anything: it may have told of it
/// and not been heard.
async fn next_look(outlook: &Outlook<'_>) -> Result<Option<Instant>> {
    if !store::has_paid_by(&outlook.db, PaymentProvider::Stripe).await? {
        return Ok(None);
    }
    let last = schedule::store::find_last_success(&outlook.db, outlook.task, outlook.now).await?;
    Ok(Some(last.map_or(Instant::UNIX_EPOCH, |at| at + LOOK_EVERY)))
}

/// Asks for each payment and refund that is due once, and settles it. One that cannot be settled is left to the next run,
/// which this one tells by its failure.
async fn ask(run: &Run<'_>, runner: &Runner) -> Result<Counts> {
    let mut tally = Tally::default();
    let (provider, begun) = (runner.providers()?.payments.as_deref(), runner.db.now().await?);
    if let Some(provider) = provider {
        let asking = Asking { run, runner, provider, begun };
        asking.payments(&mut tally).await?;
        asking.refunds(&mut tally).await?;
        asking.chargebacks(&mut tally).await?;
        asking.forget(&mut tally).await?;
    }
    (tally.payouts_asked, tally.payouts_known) = send_all(run).await?;
    let elsewhere =
        store::count_due_elsewhere(runner.db.read(), provider.map(Provider::provider), begun).await?;
    tally.into_counts(elsewhere)
}

/// How all that was due ended.
#[derive(Debug, Default)]
struct Tally {
    asked: u64,
    known: u64,
    charged_back: u64,
    forgotten: u64,
    payouts_asked: u64,
    payouts_known: u64,
    broken: u64,
}

impl Tally {
    /// Counts something that was settled, or that cannot be settled now.
    ///
    /// # Errors
    /// What stops the run.
    fn count(&mut self, settled: Result<bool>) -> Result<bool> {
        match settled {
            Err(Error::Fault(Fault::Database(_) | Fault::Broken(_)) | Error::Rejected(_)) => {
                self.broken += 1;
                Ok(false)
            }
            other => other,
        }
    }

    /// Counts what was asked, as it becomes known.
    ///
    /// # Errors
    /// What stops the run.
    async fn take_in(&mut self, asked: impl Stream<Item = Result<bool>>) -> Result<()> {
        let mut asked = std::pin::pin!(asked);
        while let Some(settled) = asked.next().await {
            self.asked += 1;
            self.known += u64::from(self.count(settled)?);
        }
        Ok(())
    }

    fn into_counts(self, elsewhere: u64) -> Result<Counts> {
        if self.broken + elsewhere > 0 {
            let sentence = format!(
                "{} payments, refunds or charge-backs could not be settled, and {elsewhere} wait for a provider that is not \
                 configured",
                self.broken
            );
            return Err(Fault::Setup(sentence).into());
        }
        Ok(Counts::from([
            ("asked", self.asked),
            ("known", self.known),
            ("chargedBack", self.charged_back),
            ("forgotten", self.forgotten),
            ("payoutsAsked", self.payouts_asked),
            ("payoutsKnown", self.payouts_known),
        ]))
    }
}

/// One run that asks a provider.
struct Asking<'a> {
    run: &'a Run<'a>,
    runner: &'a Runner,
    provider: &'a dyn Provider,
    begun: Instant,
}

impl Asking<'_> {
    async fn payments(&self, tally: &mut Tally) -> Result<()> {
        let claim = async |txn: &Txn| {
            let (by, again) = (self.begun.min(txn.due_by()), |attempts| asked_again_at(attempts, txn.now()));
            store::claim_due(txn, self.provider.provider(), by, AT_ONCE, again).await
        };
        loop {
            let due = self.run.batch(claim).await?;
            if due.is_empty() {
                return Ok(());
            }
            // Those of one person in their order: which Connects they spend first must not depend on who answers first.
            let mut of_each: BTreeMap<_, Vec<_>> = BTreeMap::new();
            for (account, id) in due {
                of_each.entry(account).or_default().push(id);
            }
            let asked = stream::iter(of_each.into_values()).map(|ids| self.in_order(ids));
            tally.take_in(asked.buffer_unordered(AT_A_TIME).flat_map(stream::iter)).await?;
        }
    }

    async fn in_order(&self, ids: Vec<PaymentId>) -> Vec<Result<bool>> {
        let mut settled = Vec::new();
        for id in ids {
            settled.push(self.payment(id).await);
        }
        settled
    }

    async fn refunds(&self, tally: &mut Tally) -> Result<()> {
        let claim = async |txn: &Txn| {
            let (by, again) = (self.begun.min(txn.due_by()), |attempts| asked_again_at(attempts, txn.now()));
            store::claim_due_refunds(txn, self.provider.provider(), by, AT_ONCE, again).await
        };
        loop {
            let due = self.run.batch(claim).await?;
            if due.is_empty() {
                return Ok(());
            }
            let asked = stream::iter(due).map(|id| self.refund(id)).buffer_unordered(AT_A_TIME);
            tally.take_in(asked).await?;
        }
    }

    async fn chargebacks(&self, tally: &mut Tally) -> Result<()> {
        let ours = self.provider.provider();
        let by = self.run.batch(async |txn: &Txn| Ok(txn.due_by())).await?;
        let told = settlement::list_chargebacks(&self.runner.db, self.provider).await?;
        // A provider outside does not follow a sandbox's clock.
        let is_due = |told: &Chargeback| told.at <= by || ours != PaymentProvider::Sandbox;
        for told in told.into_iter().filter(is_due) {
            let settled = self.run.settle(async |txn: &Txn| settlement::charge_back(txn, ours, &told).await);
            let settled = logged(settled.await, &told.reference);
            tally.charged_back += u64::from(tally.count(settled)?);
        }
        Ok(())
    }

    /// The provider forgets the payment methods that were removed; one that it cannot forget now, it forgets next time.
    async fn forget(&self, tally: &mut Tally) -> Result<()> {
        let removed = store::list_to_forget(self.runner.db.read(), self.provider.provider(), AT_ONCE).await?;
        for method in removed {
            // Read again: somebody may have added it again meanwhile.
            if !store::is_to_forget(self.runner.db.read(), &method).await? {
                continue;
            }
            if self.provider.forget(&method.token).await.is_err() {
                tally.broken += 1;
                continue;
            }
            self.run.settle(async |txn: &Txn| store::note_forgotten(txn, method.id).await).await?;
            tally.forgotten += 1;
        }
        Ok(())
    }

    async fn payment(&self, id: PaymentId) -> Result<bool> {
        let mut known = false;
        for outcome in payments::collect(&self.runner.db, self.provider, &[id]).await? {
            let settled = self.run.settle(async |txn: &Txn| settlement::settle(txn, &outcome).await).await;
            known = logged(settled, &id)?;
        }
        Ok(known)
    }

    async fn refund(&self, id: RefundId) -> Result<bool> {
        let mut known = false;
        let outcomes = match payments::give_back(&self.runner.db, self.provider, &[id]).await {
            // It was paid since it was claimed, and whether that lasts is not for this run to find out.
            Err(Error::Rejected(_)) => return Ok(false),
            asked => asked?,
        };
        for outcome in outcomes {
            let settled =
                self.run.settle(async |txn: &Txn| settlement::settle_refund(txn, &outcome).await).await;
            known = logged(settled, &id)?;
        }
        Ok(known)
    }
}

fn logged(settled: Result<bool>, what: &dyn std::fmt::Display) -> Result<bool> {
    settled
        .inspect_err(|error| tracing::error!(%what, %error, "what a payment provider said cannot be settled"))
}

/// A rehearsal asks nobody, and does not come back to the same payments and refunds. What the sandbox's banks take back
/// stands in this database.
async fn rehearse(run: &Run<'_>) -> Result<Counts> {
    let mut asked = 0;
    let charged_back = run.batch(charge_back_all).await?;
    for provider in PaymentProvider::iter() {
        let claim = async |txn: &Txn| {
            let (by, later) = (txn.due_by(), txn.now() + TimeDelta::days(36_500));
            let all = u64::from(u32::MAX);
            let payments = store::claim_due(txn, provider, by, all, |_| later).await?.len();
            Ok(payments + store::claim_due_refunds(txn, provider, by, all, |_| later).await?.len())
        };
        asked += run.batch(claim).await? as u64;
    }
    let forgotten = run.batch(forget_all).await?;
    Ok(Counts::from([
        ("asked", asked),
        ("known", 0),
        ("chargedBack", charged_back),
        ("forgotten", forgotten),
        ("payoutsAsked", 0),
        ("payoutsKnown", 0),
    ]))
}

/// Of what the configured provider keeps, which a rehearsal does not ask.
async fn forget_all(txn: &Txn) -> Result<u64> {
    let mut forgotten = 0;
    for provider in PaymentProvider::iter() {
        for method in store::list_to_forget(txn, provider, AT_ONCE).await? {
            store::note_forgotten(txn, method.id).await?;
            forgotten += 1;
        }
    }
    Ok(forgotten)
}

async fn charge_back_all(txn: &Txn) -> Result<u64> {
    let mut news = 0;
    for told in sandbox::list_chargebacks(txn, Instant::UNIX_EPOCH, txn.due_by()).await? {
        news += u64::from(settlement::charge_back(txn, PaymentProvider::Sandbox, &told).await?);
    }
    Ok(news)
}
