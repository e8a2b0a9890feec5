//! Buying Connects, and where buyers are taxed.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use futures_util::FutureExt;
use serde::Serialize;

use crate::{
    entity::enums::Currency,
    graphql::{
        accounts::account::Account,
        cash::cash_account::CashAccount,
        connects::wallet::Wallet,
        kit::{
            context::request,
            ids::{IdOf, Kind},
            mutation::{Answer, Attempt, Need, Outcome, RequiredKey, Retry, SignedIn, mutate},
            scalars::MoneyInput,
        },
        payments::{collecting::collect, paying::Paying, payment::Payment},
        promo_codes::promo_code_in,
        purchases::{billing_details::BillingDetails, purchase::Purchase},
    },
    money::Money,
    purchases::{self, Buying, Details, Wanted},
    viewer::Permission::UnfreezePurchases,
};

/// Input of `buyConnects`.
#[derive(Debug, InputObject, Serialize)]
pub struct BuyConnectsInput {
    /// How many Connects: a bundle, or 10 to 10,000.
    quantity: i32,
    /// The total that `connectsQuote` said; if it is another one by now, nothing is bought.
    expected_total: MoneyInput,
    /// A promo code (B-5).
    // The hash of a request that was sent before there was this field stays the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    promo_code: Option<String>,
    /// How the person pays. If nothing is said, their cash account pays if it has all of it, and otherwise all of it is
    /// charged to their primary payment method (M-7).
    #[graphql(flatten)]
    #[serde(flatten)]
    paying: Paying,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: RequiredKey,
}

/// Input of `setBillingDetails`.
#[derive(Debug, InputObject, Serialize)]
pub struct SetBillingDetailsInput {
    /// The region within the country of the account, as ISO 3166-2 has it, such as `CT` or `US-CT`; empty for none.
    #[graphql(default)]
    region: String,
    /// The tax id, 4 to 20 letters and digits; empty for none.
    #[graphql(default)]
    tax_id: String,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Input of `unfreezePurchases`.
#[derive(Debug, InputObject, Serialize)]
pub struct UnfreezePurchasesInput {
    /// The account.
    account_id: IdOf<Account>,
    /// The reason, 1 to 500 characters; the audit log keeps it.
    reason: String,
    #[graphql(flatten)]
    #[serde(skip)]
    retry: Retry,
}

/// Result of `buyConnects`.
#[derive(SimpleObject)]
pub struct BuyConnectsPayload {
    /// The purchase; null if the request was refused.
    purchase: Option<Purchase>,
    /// The payment; null if nothing was to be paid, or the request was refused.
    payment: Option<Payment>,
    /// The wallet, which has the Connects if they are paid; null if the request was refused.
    wallet: Option<Wallet>,
    /// The buyer's cash account, from which they may have paid; null if the request was refused.
    cash_account: Option<CashAccount>,
    #[graphql(flatten)]
    outcome: Outcome,
}

impl BuyConnectsPayload {
    fn refused(outcome: Outcome) -> Self {
        Self { purchase: None, payment: None, wallet: None, cash_account: None, outcome }
    }
}

/// Result of `setBillingDetails`.
#[derive(SimpleObject)]
pub struct SetBillingDetailsPayload {
    /// Where the person is taxed; null if the request was refused.
    billing_details: Option<BillingDetails>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Result of `unfreezePurchases`.
#[derive(SimpleObject)]
pub struct UnfreezePurchasesPayload {
    /// The account; null if the request was refused.
    account: Option<Account>,
    #[graphql(flatten)]
    outcome: Outcome,
}

/// Buying Connects, and where buyers are taxed.
#[derive(Default)]
pub struct PurchaseMutation;

#[Object]
impl PurchaseMutation {
    /// Buys Connects for the person's own wallet (B-1 to B-6). They are there once the payment is paid, as a lot that lasts a
    /// year. A dry run shows the purchase before the provider is asked. For freelancers.
    async fn buy_connects(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many to buy, for how much, and by what.")] input: BuyConnectsInput,
    ) -> Answer<BuyConnectsPayload> {
        let promo =
            promo_code_in(ctx, Attempt::from(&input.retry).key(ctx, &input), input.promo_code.as_deref())
                .await?;
        let promo = match promo {
            Ok(promo) => promo,
            Err(outcome) => return Ok(BuyConnectsPayload::refused(outcome)),
        };
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, person| {
            let wanted = Wanted { quantity: input.quantity.into(), promo };
            let expected = Money::new(input.expected_total.cents("expectedTotal")?, Currency::Usd);
            let paying = input.paying.or_as_usual(request(ctx))?;
            purchases::buy(txn, person, Buying { wanted, expected, paying }).await
        });
        let (bought, outcome) = done.boxed().await?;
        let (purchase, payment) = bought.map(|bought| (bought.purchase, bought.payment)).unzip();
        let payment = payment.flatten();
        if let Some(payment) = payment.filter(|_| !input.retry.is_dry_run()) {
            collect(request(ctx), payment).boxed().await;
        }
        Ok(BuyConnectsPayload {
            purchase: Purchase::visible(ctx, purchase).await?,
            payment: Payment::visible(ctx, payment).await?,
            wallet: Wallet::of_viewer(ctx, bought.is_some()).await?,
            cash_account: CashAccount::of_viewer(ctx, bought.is_some()).await?,
            outcome,
        })
    }

    /// Says where the person is taxed on what they buy from now on (B-2).
    async fn set_billing_details(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The region and the tax id.")] input: SetBillingDetailsInput,
    ) -> Answer<SetBillingDetailsPayload> {
        let done = mutate(ctx, &input, &input.retry, SignedIn, async |txn, person| {
            let details = Details { region: &input.region, tax_id: &input.tax_id };
            purchases::set_billing_details(txn, person, details).await
        });
        let (set, outcome) = done.boxed().await?;
        let billing_details = BillingDetails::of_viewer(request(ctx), set.is_some()).await?;
        Ok(SetBillingDetailsPayload { billing_details, outcome })
    }

    /// Lets a person buy again after a bank took back a payment of theirs (B-4); what was removed stays removed. For
    /// admins.
    async fn unfreeze_purchases(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account, and the reason.")] input: UnfreezePurchasesInput,
    ) -> Answer<UnfreezePurchasesPayload> {
        let done = mutate(ctx, &input, &input.retry, Need(UnfreezePurchases), async |txn, admin| {
            purchases::excuse(txn, admin, input.account_id.key()?, &input.reason).await
        });
        let (account, outcome) = done.boxed().await?;
        Ok(UnfreezePurchasesPayload { account: Account::visible(ctx, account).await?, outcome })
    }
}
