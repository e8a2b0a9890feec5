//! What Connects would cost.

use async_graphql::{Object, SimpleObject};

use crate::{
    entity::enums::Currency,
    graphql::kit::scalars::{DateTime, Decimal, Money, int},
    purchases::{Quote, rules::percent_of},
};

/// What so many Connects cost a person now, with the arithmetic (B-1, B-2).
pub struct ConnectsQuote(pub Quote);

/// A tax on a purchase (B-2).
#[derive(SimpleObject)]
pub struct AppliedTax {
    /// What it is called on a receipt.
    name: String,
    /// The rate in percent of the net price, such as `6.35`; 0 under reverse charge.
    percent: Decimal,
    /// Whether the buyer accounts for it themselves, because they have a tax id.
    is_reverse_charge: bool,
}

impl AppliedTax {
    /// A tax as it was applied.
    pub fn new(name: &str, rate_micros: i64, is_reverse_charge: bool) -> Self {
        Self { name: name.to_owned(), percent: Decimal(percent_of(rate_micros)), is_reverse_charge }
    }
}

/// What so many Connects cost a person now, with the arithmetic (B-1, B-2).
#[Object]
impl ConnectsQuote {
    /// How many Connects.
    async fn quantity(&self) -> i32 {
        int(self.0.cost.quantity)
    }

    /// What they cost without a discount and without tax.
    async fn list_price(&self) -> Money {
        usd(self.0.cost.list)
    }

    /// The discount.
    async fn discount(&self) -> Money {
        usd(self.0.cost.discount)
    }

    /// What they cost without tax.
    async fn net(&self) -> Money {
        usd(self.0.cost.net)
    }

    /// The tax on that, half a cent rounded up.
    async fn tax(&self) -> Money {
        usd(self.0.cost.tax)
    }

    /// What is paid. `buyConnects` expects this total.
    async fn total(&self) -> Money {
        usd(self.0.cost.total)
    }

    /// The tax that applies; null if none is known for the person's country and region.
    async fn applied_tax(&self) -> Option<AppliedTax> {
        let taxed = self.0.cost.taxed.as_ref()?;
        Some(AppliedTax::new(&taxed.name, taxed.rate_micros, taxed.reverse_charge))
    }

    /// The Connects that the promo code adds, as a lot of their own; 0 without one (B-5).
    async fn bonus(&self) -> i32 {
        int(self.0.offer.bonus)
    }

    /// When they would expire if they were paid now (L-2).
    async fn expires_at(&self) -> DateTime {
        DateTime(self.0.expires_at)
    }
}

/// So many cents of US dollars, in which all is sold.
pub fn usd(cents: i64) -> Money {
    Money::new(cents, Currency::Usd)
}
