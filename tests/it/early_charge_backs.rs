//! Charge-backs of payments whose outcome is not known yet (O-5).

use crate::contracts::Hired;
use connects::{
    clock::Instant,
    entity::{
        enums::{CashAccountKind::Escrow, PaymentProvider},
        ids::AccountId,
    },
    error::{Code, Error},
    providers::payments::{Charge, Chargeback, Charged, Method, Movement, Payments, Refund, Unreachable},
    settlement::{list_chargebacks, look_into_chargeback},
};

#[tokio::test]
async fn o_5_a_charge_back_of_a_payment_whose_outcome_is_not_known_waits_for_it() {
    let hired = Hired::new().await;
    let world = &hired.world;
    let card = world.method(&hired.clara, "tok_charge_back_won").await;
    hired.fund(0, &card, "f").await;
    let open = "UPDATE payments SET state = 'UNKNOWN', ended_at = NULL, ask_at = '2026-02-01T00:00:00Z'";
    world.sql(open).await.unwrap();
    world.sleep_until("2026-01-12T00:00:00Z").await;
    // The sandbox itself takes back only what is known to be paid, so a bank outside says it.
    let provider = Said(hired.told_of(10_000, "dp_1", false).await);
    assert!(list_chargebacks(world.db(), &provider).await.unwrap().is_empty());
    let early = look_into_chargeback(world.db(), &provider, "dp_1").await;
    assert!(matches!(early, Err(Error::Rejected(no)) if no.code == Code::PaymentProviderUnavailable));
    let known = "UPDATE payments SET state = 'PAID', ended_at = begun_at, ask_at = NULL";
    world.sql(known).await.unwrap();
    assert_eq!(list_chargebacks(world.db(), &provider).await.unwrap().len(), 1);
    look_into_chargeback(world.db(), &provider, "dp_1").await.unwrap();
    assert_eq!(hired.total(Escrow).await, 0);
    world.verify().await;
}

/// A provider that says of one charge-back, and knows nothing else.
#[derive(Debug)]
struct Said(Chargeback);

#[async_trait::async_trait]
impl Payments for Said {
    fn provider(&self) -> PaymentProvider {
        PaymentProvider::Sandbox
    }

    async fn describe(&self, _: AccountId, _: &str, _: bool) -> Result<Option<Method>, Unreachable> {
        Err(Unreachable)
    }

    async fn forget(&self, _: &str) -> Result<(), Unreachable> {
        Err(Unreachable)
    }

    async fn prepare(&self, _: &Charge) -> Result<String, Charged> {
        Err(Charged::Unknown)
    }

    async fn charge(&self, _: &Charge, _: &str) -> Charged {
        Charged::Unknown
    }

    async fn abandon(&self, _: &Charge, _: &str) -> Charged {
        Charged::Unknown
    }

    async fn find(&self, _: &Charge, _: &str) -> Option<Charged> {
        None
    }

    async fn refund(&self, _: &Refund) -> Charged {
        Charged::Unknown
    }

    async fn find_refund(&self, _: &Refund) -> Option<Charged> {
        None
    }

    async fn chargebacks(&self, _: Instant) -> Result<Vec<Chargeback>, Unreachable> {
        Ok(vec![self.0.clone()])
    }

    async fn chargeback(&self, _: &str) -> Result<Option<Chargeback>, Unreachable> {
        Ok(Some(self.0.clone()))
    }

    async fn movements(&self, _: Instant, _: Instant) -> Result<Vec<Movement>, Unreachable> {
        Err(Unreachable)
    }
}
