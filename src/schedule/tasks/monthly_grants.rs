//! Issues the Connects of every cycle that has begun (M-4), and begins the payments of those that people pay for (M-7).

use futures_util::{StreamExt, stream};

use crate::{
    clock::Instant,
    config::Limit,
    db::Txn,
    entity::{
        enums::{ClockKind, PaymentProvider},
        renewal,
    },
    error::{Code, Error, Fault, Result},
    memberships::{self, store},
    payments::Paying,
    providers::payments::Payments,
    schedule::{
        execution::Execution,
        run::Run,
        task::{Counts, Outlook, Work},
    },
    subscriptions,
};

/// Renewals that are read at once.
const AT_ONCE: u64 = 500;

/// Those of them whose payments begin at a time.
const AT_A_TIME: usize = 8;

/// Nobody tries out cards by being renewed once a month.
const NO_LIMIT: Limit = Limit { times: 1_000, minutes: 1 };

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
        let charged = charge_all(run).await?;
        if charged.waiting > 0 {
            tracing::warn!(renewals = charged.waiting, "renewals wait for a process that collects payments");
        }
        if charged.broken > 0 {
            return Err(Fault::Setup(format!("{} renewals could not be charged", charged.broken)).into());
        }
        Ok(Counts::from([("issued", issued), ("renewals", charged.begun), ("notRenewed", charged.given_up)]))
    }
}

/// How the renewals that were due ended.
#[derive(Clone, Copy, Debug, Default)]
struct Charged {
    begun: u64,
    given_up: u64,
    waiting: u64,
    broken: u64,
}

/// Begins the payment of each renewal that is due, in a transaction of its own; the task `payments` asks the provider. A
/// process that collects no payments leaves those that are not paid from a cash account to one that does.
async fn charge_all(run: &Run<'_>) -> Result<Charged> {
    let paying = Paying::AsUsual(provider(run.execution).map(|provider| (provider, NO_LIMIT)));
    let at_a_time = if matches!(run.execution, Execution::Real(_)) { AT_A_TIME } else { 1 };
    let (mut charged, mut after) = (Charged::default(), (Instant::UNIX_EPOCH, None));
    loop {
        run.execution.must_go_on()?;
        let due = store::list_due_renewals(&run.execution.source(), after, AT_ONCE).await?;
        let Some(last) = due.last() else { return Ok(charged) };
        after = (last.starts_at, Some(last.wallet_id));
        let done = stream::iter(due).map(|renewal| charge(run, renewal, paying));
        let mut done = std::pin::pin!(done.buffer_unordered(at_a_time));
        while let Some(ended) = done.next().await {
            match ended {
                Ok(Ended::Begun) => charged.begun += 1,
                Ok(Ended::GivenUp) => charged.given_up += 1,
                Ok(Ended::Waiting) => charged.waiting += 1,
                Ok(Ended::Nothing) => {}
                // One that cannot be charged keeps nobody else from it.
                Err(Error::Fault(Fault::Database(_) | Fault::Broken(_)) | Error::Rejected(_)) => {
                    charged.broken += 1;
                }
                Err(error) => return Err(error),
            }
        }
    }
}

/// Who collects payments; nobody for a process that cannot ask a provider. In a rehearsal, nobody is asked.
fn provider(execution: Execution<'_>) -> Option<PaymentProvider> {
    match execution {
        Execution::Real(runner) => runner.providers().ok()?.payments.as_deref().map(Payments::provider),
        Execution::Within(txn) => (txn.clock() == ClockKind::Sandbox).then_some(PaymentProvider::Sandbox),
    }
}

/// How a renewal that was due ended.
enum Ended {
    /// Its payment has begun.
    Begun,
    /// It cannot be paid.
    GivenUp,
    /// It waits for a process that collects payments.
    Waiting,
    /// It is for the next run, or was for another one.
    Nothing,
}

/// Begins the payment of a renewal, or gives it up if it cannot be paid.
async fn charge(run: &Run<'_>, renewal: renewal::Model, paying: Paying) -> Result<Ended> {
    let begun = run.settle(async |txn: &Txn| subscriptions::charge(txn, &renewal, paying).await).await;
    match begun {
        Ok(begun) => Ok(if begun { Ended::Begun } else { Ended::Nothing }),
        Err(Error::Rejected(no)) if no.code == Code::PaymentsNotConfigured => Ok(Ended::Waiting),
        // Their cash went elsewhere meanwhile; the next run asks for another way.
        Err(Error::Rejected(no)) if no.code == Code::InsufficientCash => Ok(Ended::Nothing),
        Err(Error::Rejected(_)) => {
            let (wallet, starts_at) = (renewal.wallet_id, renewal.starts_at);
            run.settle(async |txn: &Txn| subscriptions::give_up(txn, wallet, starts_at).await).await?;
            Ok(Ended::GivenUp)
        }
        Err(error) => {
            tracing::error!(wallet = %renewal.wallet_id, %error, "a renewal cannot be charged");
            Err(error)
        }
    }
}
