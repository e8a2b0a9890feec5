//! What would be paid out now, and why the rest is not.

use async_graphql::{Context, ID, Object, SimpleObject};

use crate::{
    entity::{
        enums::{Currency, PayoutHold, PayoutPurpose},
        ids::{AccountId, PayoutId},
    },
    error::Result,
    graphql::{
        accounts::account::Account,
        kit::{
            context::{Request, request},
            errors::top_level,
            ids::{Kind, Pair},
            page::{PageArgs, Pages},
            scalars::{DateTime, Money, count, int},
        },
        payouts::{payout::Payout, payout_method::PayoutMethod},
    },
    payouts::{self, Line, PURPOSES, Plan, store},
    viewer::Permission,
};

/// What would be paid out now, to whom, and why the rest is not (W-1). For admins and auditors.
#[derive(Clone)]
pub struct PayoutPlan(pub Plan);

impl PayoutPlan {
    /// The plan for `purpose` as it is now.
    ///
    /// # Errors
    /// A fault of the database.
    pub async fn now(ctx: &Context<'_>, purpose: PayoutPurpose) -> async_graphql::Result<Self> {
        let request = request(ctx);
        let version = request.db.policy_at(request.now);
        let plan = payouts::plan(request.db.read(), &version, purpose, request.now).await;
        Ok(Self(plan.map_err(|error| top_level(request, error))?))
    }

    /// A line of the plan, for a list.
    fn line(&self, line: Line) -> PayoutPlanLine {
        PayoutPlanLine(self.0.purpose, line)
    }
}

/// What would be paid out now, to whom, and why the rest is not (W-1). For admins and auditors.
#[Object]
impl PayoutPlan {
    /// What would be paid.
    async fn purpose(&self) -> PayoutPurpose {
        self.0.purpose
    }

    /// The instant of the plan.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// What identifies the payouts of the plan; pass it to `applyPayoutPlan`, which pays exactly these.
    async fn digest(&self) -> String {
        self.0.digest()
    }

    /// How many would be paid.
    async fn payout_count(&self) -> i32 {
        count(self.0.paying().count() as u64)
    }

    /// How much would be paid.
    async fn total(&self) -> Money {
        Money::new(self.0.total_cents(), Currency::Usd)
    }

    /// How much would not be paid.
    async fn held(&self) -> Money {
        let held = self.0.lines.iter().filter(|line| line.hold.is_some());
        Money::new(held.map(|line| line.cents).sum(), Currency::Usd)
    }

    /// Whether it needs the approval of another admin than the one who has it carried out.
    async fn needs_second_admin(&self, ctx: &Context<'_>) -> bool {
        let version = request(ctx).db.policy_at(self.0.at);
        self.0.total_cents() > version.policy.payouts.two_admins_above_cents
    }

    /// Who has approved this very plan, the earliest first; a handful of admins.
    async fn approvals(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<PayoutApproval>> {
        let request = request(ctx);
        let rows = store::list_approvals(request.db.read(), &self.0.digest()).await;
        let mut shown = Vec::new();
        for row in rows.map_err(|error| top_level(request, error))? {
            let admin = request.load(row.admin_id).await?.map(Account);
            shown.push(PayoutApproval { admin, approved_at: DateTime(row.approved_at) });
        }
        Ok(shown)
    }

    /// The lines, by person; only those that would be paid, or only those that would not, if that is asked for.
    #[allow(clippy::unused_async, reason = "resolvers are")]
    async fn lines(
        &self,
        #[graphql(desc = "Only lines that would be paid, or only those that would not.")] is_paid: Option<
            bool,
        >,
        #[graphql(default = 20, desc = "Page size, at most 100.")] first: Option<i32>,
        #[graphql(desc = "Cursor to start after.")] after: Option<String>,
        #[graphql(desc = "Page size from the end, at most 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to end before.")] before: Option<String>,
    ) -> async_graphql::Result<Pages<PayoutPlanLine>> {
        let page = PageArgs { first, after, last, before }.checked()?;
        let numbered = (0_u64..).zip(self.0.lines.iter().cloned());
        let asked = numbered.filter(|(_, line)| is_paid.is_none_or(|paid| paid == line.hold.is_none()));
        Ok(page.slice(asked.collect(), |(number, _)| *number)?.map(|(_, line)| self.line(line)))
    }
}

/// That an admin has approved a plan.
#[derive(SimpleObject)]
pub struct PayoutApproval {
    /// The admin; null if they may not be seen.
    admin: Option<Account>,
    /// When.
    approved_at: DateTime,
}

/// A line of a plan of payouts. For admins and auditors.
#[derive(Clone)]
pub struct PayoutPlanLine(pub PayoutPurpose, pub Line);

impl Kind for PayoutPlanLine {
    /// The purpose, the person, and the withdrawal or why commissions are apart.
    type Key = Pair<String, Pair<AccountId, String>>;

    fn key(&self) -> Self::Key {
        let apart = self.1.stopped.map_or("all", PayoutHold::as_str);
        let part = self.1.payout.map_or_else(|| apart.to_lowercase(), |id| id.to_string());
        Pair(self.0.to_string(), Pair(self.1.account, part))
    }

    async fn find(request: &Request, keys: &[Self::Key]) -> Result<Vec<Self>> {
        let may = request.viewer.as_ref().is_some_and(|viewer| viewer.may(Permission::ReadPayouts));
        let mut found = Vec::new();
        for purpose in PURPOSES.into_iter().filter(|_| may) {
            if keys.iter().any(|key| key.0 == purpose.as_str()) {
                let version = request.db.policy_at(request.now);
                let plan = payouts::plan(request.db.read(), &version, purpose, request.now).await?;
                let lines = plan.lines.into_iter().map(|line| Self(purpose, line));
                found.extend(lines.filter(|line| keys.contains(&line.key())));
            }
        }
        Ok(found)
    }
}

/// A line of a plan of payouts. For admins and auditors.
#[Object]
impl PayoutPlanLine {
    /// The global id: opaque, unique and stable.
    pub async fn id(&self) -> ID {
        self.global_id()
    }

    /// The person.
    async fn account(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Account>> {
        let account: AccountId = self.1.account;
        request(ctx).show(account, Account).await
    }

    /// The withdrawal; null if commissions are paid.
    async fn payout(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Payout>> {
        let payout: PayoutId = self.1.payout?;
        request(ctx).show(payout, Payout).await
    }

    /// How much is due.
    async fn amount(&self) -> Money {
        Money::new(self.1.cents, Currency::Usd)
    }

    /// Of how many parts.
    async fn item_count(&self) -> i32 {
        int(self.1.items)
    }

    /// Why it would not be paid; null if it would.
    async fn hold(&self) -> Option<PayoutHold> {
        self.1.hold
    }

    /// Where it would go; null if the person has not said.
    async fn method(&self) -> Option<PayoutMethod> {
        self.1.method.clone().map(PayoutMethod)
    }

    /// What the person would get, in the currency of the payout method; null if it would not be paid (W-5).
    async fn paid(&self) -> Option<Money> {
        self.1.paid.as_ref().map(|paid| Money::new(paid.minor, paid.currency))
    }
}
