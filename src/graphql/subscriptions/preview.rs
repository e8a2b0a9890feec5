//! What an upgrade would bring and cost.

use async_graphql::Object;

use crate::{
    entity::enums::MembershipPlan,
    graphql::{
        kit::scalars::{Date, Money, int},
        memberships::membership::BillingCycle,
        purchases::quote::{AppliedTax, usd},
    },
    subscriptions::Preview,
};

/// What an upgrade would bring and cost a person now, with the arithmetic (M-6).
pub struct UpgradePreview(pub Preview);

/// What an upgrade would bring and cost a person now, with the arithmetic (M-6).
#[Object]
impl UpgradePreview {
    /// The plan.
    async fn plan(&self) -> MembershipPlan {
        self.0.plan
    }

    /// The billing cycle that the upgrade cuts short.
    async fn old_cycle(&self) -> BillingCycle {
        BillingCycle { starts_on: Date(self.0.old.starts_on), ends_on: Date(self.0.old.ends_on) }
    }

    /// The billing cycle that begins.
    async fn new_cycle(&self) -> BillingCycle {
        BillingCycle { starts_on: Date(self.0.new.starts_on), ends_on: Date(self.0.new.ends_on) }
    }

    /// The Connects that are issued at once, paid and free together.
    async fn connects(&self) -> i32 {
        int(self.0.paid + self.0.prorated)
    }

    /// The paid Connects among them, issued in full.
    async fn paid(&self) -> i32 {
        int(self.0.paid)
    }

    /// The free Connects among them, by the days of the old cycle that have passed.
    async fn prorated(&self) -> i32 {
        int(self.0.prorated)
    }

    /// How the free Connects were computed, as a sentence.
    async fn explanation(&self) -> String {
        let Preview { free, passed, prorated, old, .. } = &self.0;
        format!(
            "{passed} of the {} days of your cycle have passed: {free} x {passed} / {} = {prorated} free Connects, rounded \
             down.",
            old.days(),
            old.days()
        )
    }

    /// Whether a month that was given to the person is used, so that nothing is charged (M-13).
    async fn uses_gift_month(&self) -> bool {
        self.0.is_given
    }

    /// The price without tax.
    async fn net(&self) -> Money {
        usd(self.0.priced.cost.net)
    }

    /// The tax on that, half a cent rounded up (B-2).
    async fn tax(&self) -> Money {
        usd(self.0.priced.cost.tax)
    }

    /// The price with tax.
    async fn total(&self) -> Money {
        usd(self.0.priced.cost.total)
    }

    /// What is charged now: the total, or nothing if a month that was given is used. `upgradePlan` expects this.
    async fn charged(&self) -> Money {
        usd(self.0.charged())
    }

    /// The tax that applies; null if none is known for the person's country and region.
    async fn applied_tax(&self) -> Option<AppliedTax> {
        let taxed = self.0.priced.cost.taxed.as_ref()?;
        Some(AppliedTax::new(&taxed.name, taxed.rate_micros, taxed.reverse_charge))
    }
}
