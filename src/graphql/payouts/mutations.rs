//! Saying where and when to be paid, and withdrawing.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use futures_util::FutureExt;
use serde::Serialize;

use crate::{
    entity::enums::{Currency, PayoutSchedule},
    error::Result,
    graphql::{
        cash::cash_account::CashAccount,
        kit::{
            context::request,
            errors::UserError,
            ids::{IdOf, Kind},
            mutation::{Answer, Outcome, RequiredKey, Retry, SignedIn, answer, mutate},
            scalars::MoneyInput,
        },
        payouts::{
            loaders::PreferenceOf, of_viewer::PayoutPreference, payout::Payout, payout_method::PayoutMethod,
        },
    },
    payouts::{self, NewMethod, Preference, rules::details::Details},
};

/// A bank account by its IBAN.
#[derive(InputObject)]
pub struct BankTransferDetails {
    /// Whose account it is, one line of 2 to 100 characters.
    holder: String,
    /// The IBAN; spaces do not matter.
    iban: String,
    /// The BIC of the bank, if it must be named.
    bic: Option<String>,
}

/// A British account.
#[derive(InputObject)]
pub struct BacsDetails {
    /// Whose account it is, one line of 2 to 100 characters.
    holder: String,
    /// The sort code, six digits; hyphens do not matter.
    sort_code: String,
    /// The account number, eight digits.
    account_number: String,
}

/// A PayPal account.
#[derive(InputObject)]
pub struct PaypalDetails {
    /// Whose account it is, one line of 2 to 100 characters.
    holder: String,
    /// The e-mail address of the account.
    email: String,
}

/// Input of `setPayoutMethod`. Exactly one of `bankTransfer`, `bacs` and `paypal` is given.
#[derive(InputObject)]
pub struct SetPayoutMethodInput {
    /// A bank account by its IBAN.
    bank_transfer: Option<BankTransferDetails>,
    /// A British account, which gets pounds.
    bacs: Option<BacsDetails>,
    /// A PayPal account.
    paypal: Option<PaypalDetails>,
    /// The currency in which money arrives; a British account gets `GBP` in any case.
    #[graphql(default_with = "Currency::Usd")]
    currency_code: Currency,
    /// The person's password.
    password: String,
}

impl SetPayoutMethodInput {
    fn details(&self) -> Result<Details> {
        let given = [self.bank_transfer.is_some(), self.bacs.is_some(), self.paypal.is_some()];
        if given.into_iter().filter(|is_given| *is_given).count() != 1 {
            return Err(payouts::rejection::one_account().into());
        }
        let bank = self
            .bank_transfer
            .as_ref()
            .map(|to| Details::bank_transfer(&to.holder, &to.iban, to.bic.as_deref()));
        let bacs = self.bacs.as_ref().map(|to| Details::bacs(&to.holder, &to.sort_code, &to.account_number));
        let paypal = self.paypal.as_ref().map(|to| Details::paypal(&to.holder, &to.email));
        let details = bank.or(bacs).or(paypal).transpose()?;
        Ok(details.ok_or_else(payouts::rejection::one_account)?)
    }
}

/// Result of `setPayoutMethod`.
#[derive(SimpleObject)]
pub struct SetPayoutMethodPayload {
    /// The payout method; null if the request was refused.
    payout_method: Option<PayoutMethod>,
    /// The reasons for a refusal; empty on success.
    user_errors: Vec<UserError>,
}

/// Input of `setPayoutPreference`.
#[derive(Debug, InputObject, Serialize)]
pub struct SetPayoutPreferenceInput {
    /// The day of each month, or `THRESHOLD`.
    schedule: PayoutSchedule,
    /// How much must be due, for `THRESHOLD`.
    threshold: Option<MoneyInput>,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Result of `setPayoutPreference`.
#[derive(SimpleObject)]
pub struct SetPayoutPreferencePayload {
    /// When the person is paid; null if the request was refused.
    payout_preference: Option<PayoutPreference>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Input of `requestWithdrawal`.
#[derive(Debug, InputObject, Serialize)]
pub struct RequestWithdrawalInput {
    /// How much, at least 10.00 (policy).
    amount: MoneyInput,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: RequiredKey,
}

/// Result of `requestWithdrawal`.
#[derive(SimpleObject)]
pub struct RequestWithdrawalPayload {
    /// The payout; null if the request was refused.
    payout: Option<Payout>,
    /// The person's cash account; null if the request was refused.
    cash_account: Option<CashAccount>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Input of `cancelWithdrawal`.
#[derive(Debug, InputObject, Serialize)]
pub struct CancelWithdrawalInput {
    /// The payout.
    payout_id: IdOf<Payout>,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: RequiredKey,
}

/// Result of `cancelWithdrawal`.
#[derive(SimpleObject)]
pub struct CancelWithdrawalPayload {
    /// The payout; null if the request was refused.
    payout: Option<Payout>,
    /// The person's cash account; null if the request was refused.
    cash_account: Option<CashAccount>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Where and when people are paid.
#[derive(Default)]
pub struct PayoutMutation;

#[Object]
impl PayoutMutation {
    /// Sets where the person is paid, in the place of what was set before. It takes the password; a mail tells of it, and
    /// nothing is paid there for 48 hours (policy, W-4).
    async fn set_payout_method(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Where to pay to, and the password.")] input: SetPayoutMethodInput,
    ) -> Answer<SetPayoutMethodPayload> {
        let request = request(ctx);
        let done = async {
            let (person, details) = (request.person()?, input.details()?);
            let new =
                NewMethod { details: &details, currency: input.currency_code, password: &input.password };
            payouts::set_method((&request.db, &request.gate), (person, request.origin), new).await
        };
        let (id, user_errors) = answer(ctx, done).await?;
        Ok(SetPayoutMethodPayload { payout_method: PayoutMethod::visible(ctx, id).await?, user_errors })
    }

    /// Sets when the person is paid their commissions: on the first or the fifteenth of each month, or once so much is due
    /// (F-7).
    async fn set_payout_preference(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "When to be paid.")] input: SetPayoutPreferenceInput,
    ) -> Answer<SetPayoutPreferencePayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, person| {
            let threshold_cents =
                input.threshold.as_ref().map(|money| money.cents("threshold")).transpose()?;
            payouts::set_preference(txn, person, Preference { schedule: input.schedule, threshold_cents })
                .await
        });
        let (id, outcome) = done.boxed().await?;
        let payout_preference = match id {
            Some(id) => Some(request(ctx).load(PreferenceOf(id)).await?.into()),
            None => None,
        };
        Ok(SetPayoutPreferencePayload { payout_preference, outcome })
    }

    /// Withdraws money from the person's cash account. It leaves the account at once and goes out with the next run of the
    /// task `withdrawals`, on a business day (O-4).
    async fn request_withdrawal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How much.")] input: RequestWithdrawalInput,
    ) -> Answer<RequestWithdrawalPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, person| {
            payouts::request_withdrawal(txn, person, input.amount.cents("amount")?).await
        });
        let (id, outcome) = done.boxed().await?;
        let cash_account = CashAccount::of_viewer(ctx, id.is_some()).await?;
        Ok(RequestWithdrawalPayload { payout: Payout::visible(ctx, id).await?, cash_account, outcome })
    }

    /// Cancels a withdrawal that has not gone out; the money is in the cash account again (O-4).
    async fn cancel_withdrawal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The withdrawal to cancel.")] input: CancelWithdrawalInput,
    ) -> Answer<CancelWithdrawalPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, person| {
            payouts::cancel_withdrawal(txn, person, input.payout_id.key()?).await
        });
        let (id, outcome) = done.boxed().await?;
        let cash_account = CashAccount::of_viewer(ctx, id.is_some()).await?;
        Ok(CancelWithdrawalPayload { payout: Payout::visible(ctx, id).await?, cash_account, outcome })
    }
}
