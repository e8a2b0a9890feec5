//! Our payments against the provider's own list (B-3): every difference is found, and nothing else is called one.

use connects::{
    clock::Instant,
    entity::{
        enums::{Currency, PaymentFailure, PaymentState},
        ids::{PaymentId, RefundId},
        payment, refund, sandbox_charge, sandbox_refund,
    },
    payments::{
        self,
        rules::differences::{Difference, Wrong},
    },
    providers::payments::{MovementKind, Sandbox},
};
use sea_orm::{EntityTrait, IntoActiveModel};
use serde_json::{Value, json};

use crate::{
    contracts::Hired,
    support::{World, commands::Commands, task},
};

async fn found(world: &World) -> Vec<Difference> {
    let provider = Sandbox::new(world.db().clone());
    let mut found = payments::reconcile(world.db(), &provider, Instant::UNIX_EPOCH).await.unwrap();
    found.sort();
    found
}

/// A payment with a refund, as both sides know them.
struct Pair {
    payment: Option<payment::Model>,
    charge: Option<sandbox_charge::Model>,
    refund: Option<refund::Model>,
    given_back: Option<sandbox_refund::Model>,
}

impl Pair {
    /// Both sides agree.
    fn agreeing(model: &payment::Model) -> Self {
        let (key, document_id) = (PaymentId::new(), uuid::Uuid::now_v7());
        let reference = Some(format!("sandbox_{key}"));
        let payment = payment::Model { id: key, document_id, reference, ..model.clone() };
        let refund = refund_of(&payment);
        Self {
            charge: Some(charge_of(&payment)),
            given_back: Some(given_back_of(&refund)),
            refund: Some(refund),
            payment: Some(payment),
        }
    }

    /// Makes a difference between the two sides.
    fn spoil(&mut self, way: usize) -> Difference {
        let payment = self.payment.as_mut().expect("a payment");
        let refund = self.refund.as_mut().expect("a refund");
        let (charge, given_back) = (self.charge.as_mut().unwrap(), self.given_back.as_mut().unwrap());
        let (id, name, other) = (payment.id.to_string(), payment.reference.clone(), refund.reference.clone());
        let (name, other) = (name.expect("a name"), other.expect("a name"));
        let mut subject = if way < 6 { name } else { other };
        let wrong = match way {
            2 => (charge.amount_cents += 1, Wrong::Amount).1,
            3 => (fail(&mut payment.state, &mut payment.failure), Wrong::FailedHere).1,
            4 => (open(payment, PaymentState::Unknown), Wrong::Unsettled).1,
            5 => {
                open(payment, PaymentState::Pending);
                (payment.reference, subject) = (None, id);
                Wrong::Unsettled
            }
            8 => (given_back.amount_cents -= 1, Wrong::Amount).1,
            9 => (fail(&mut refund.state, &mut refund.failure), Wrong::FailedHere).1,
            0 | 6 => Wrong::MissingHere,
            _ => Wrong::MissingThere,
        };
        self.lose(way);
        let kind = if way < 6 { MovementKind::Charge } else { MovementKind::Refund };
        Difference { kind, wrong, subject }
    }

    /// Takes away what one side does not know in this way.
    fn lose(&mut self, way: usize) {
        match way {
            0 => (self.payment, self.refund, self.given_back) = (None, None, None),
            1 => (self.charge, self.refund, self.given_back) = (None, None, None),
            5 => (self.charge, self.refund, self.given_back) = (None, None, None),
            6 => self.refund = None,
            7 => self.given_back = None,
            _ => {}
        }
    }
}

fn fail(state: &mut PaymentState, failure: &mut Option<PaymentFailure>) {
    (*state, *failure) = (PaymentState::Failed, Some(PaymentFailure::Declined));
}

fn open(payment: &mut payment::Model, state: PaymentState) {
    (payment.state, payment.ask_at, payment.ended_at) = (state, Some(payment.begun_at), None);
}

fn charge_of(payment: &payment::Model) -> sandbox_charge::Model {
    sandbox_charge::Model {
        key: payment.id,
        token: "tok_visa".into(),
        amount_cents: payment.amount_cents,
        currency: Currency::Usd,
        attempts: 1,
        accepted: true,
        failure: None,
        charged_at: payment.begun_at,
    }
}

fn refund_of(payment: &payment::Model) -> refund::Model {
    let id = RefundId::new();
    refund::Model {
        id,
        payment_id: payment.id,
        provider: payment.provider,
        amount_cents: 100,
        currency: Currency::Usd,
        reason: String::new(),
        state: PaymentState::Paid,
        failure: None,
        reference: Some(format!("sandbox_{id}")),
        attempts: 1,
        ask_at: None,
        begun_at: payment.begun_at,
        ended_at: payment.ended_at,
    }
}

fn given_back_of(refund: &refund::Model) -> sandbox_refund::Model {
    sandbox_refund::Model {
        key: refund.id,
        charge_key: refund.payment_id,
        amount_cents: refund.amount_cents,
        attempts: 1,
        accepted: true,
        failure: None,
        refunded_at: refund.begun_at,
    }
}

async fn write(world: &World, pairs: &[Pair]) {
    let payments: Vec<_> = pairs.iter().filter_map(|pair| pair.payment.clone()).collect();
    let charges: Vec<_> = pairs.iter().filter_map(|pair| pair.charge.clone()).collect();
    let refunds: Vec<_> = pairs.iter().filter_map(|pair| pair.refund.clone()).collect();
    let given_back: Vec<_> = pairs.iter().filter_map(|pair| pair.given_back.clone()).collect();
    insert::<payment::Entity>(world, &payments).await;
    insert::<refund::Entity>(world, &refunds).await;
    insert::<sandbox_charge::Entity>(world, &charges).await;
    insert::<sandbox_refund::Entity>(world, &given_back).await;
}

async fn insert<E: EntityTrait>(world: &World, rows: &[E::Model])
where
    E::Model: IntoActiveModel<E::ActiveModel> + Sync,
    E::ActiveModel: Send,
{
    let write = async |txn: &connects::db::Txn| {
        for some in rows.chunks(50) {
            let some = some.iter().cloned().map(IntoActiveModel::into_active_model);
            E::insert_many(some).exec_without_returning(txn).await?;
        }
        Ok(())
    };
    world.db().write(write).await.expect("planted");
}

#[tokio::test]
async fn b_3_a_thousand_differences_of_ten_kinds_are_found_in_the_tables() {
    let hired = Hired::new().await;
    let world = &hired.world;
    let card = world.method(&hired.clara, "tok_visa").await;
    hired.fund(0, &card, "f").await;
    let model = payment::Entity::find().one(world.db().read()).await.unwrap().expect("a payment");
    let mut planted = Vec::new();
    let pairs = (0..1_500).map(|n| {
        let mut pair = Pair::agreeing(&model);
        // Two of three differ, in each of the ten ways.
        if n % 3 > 0 {
            planted.push(pair.spoil((n / 3 * 2 + n % 3) % 10));
        }
        pair
    });
    let pairs: Vec<_> = pairs.collect();
    write(world, &pairs).await;
    world.sleep_until("2026-01-03T00:00:00Z").await;
    planted.sort();
    assert_eq!(planted.len(), 1_000);
    assert_eq!(found(world).await, planted);
}

#[tokio::test]
async fn b_3_a_charge_back_that_only_one_side_knows_is_a_difference() {
    let hired = Hired::new().await;
    let world = &hired.world;
    let card = world.method(&hired.clara, "tok_charged_back").await;
    hired.fund(0, &card, "f").await;
    // The bank takes it back on the 11th, and no task runs.
    world.sleep_until("2026-01-13T00:00:00Z").await;
    let theirs = hired.told().await.remove(0).reference;
    let differ = |wrong, subject: &str| Difference {
        kind: MovementKind::Chargeback,
        wrong,
        subject: subject.to_owned(),
    };
    assert_eq!(found(world).await, [differ(Wrong::MissingHere, &theirs)]);
    hired.take_back(1_000, "a dream").await;
    world.sleep_until("2026-01-15T00:00:00Z").await;
    let both = [differ(Wrong::MissingHere, &theirs), differ(Wrong::MissingThere, "a dream")];
    assert_eq!(found(world).await, both);
}

#[tokio::test]
async fn b_3_nothing_differs_after_a_story_with_every_card() {
    let hired = Hired::new().await;
    let world = &hired.world;
    for (n, token) in ["tok_declined", "tok_lost_before", "tok_charged_back"].into_iter().enumerate() {
        let card = world.method(&hired.clara, token).await;
        let milestone = usize::from(n == 2);
        hired.fund(milestone, &card, token).await;
        assert!(found(world).await.is_empty(), "{token}: what is under way is no difference");
        world.advance(&format!("2026-01-0{}T00:00:00Z", n + 2)).await;
    }
    hired.refund(0, None, "r").await;
    for day in ["2026-01-05", "2026-01-14", "2026-02-01"] {
        // The nightly task would fail.
        world.advance(&format!("{day}T12:00:00Z")).await;
        assert!(found(world).await.is_empty(), "{day}");
    }
    world.verify().await;
}

#[tokio::test]
async fn b_3_a_process_that_cannot_ask_the_provider_says_so() {
    let hired = Hired::new().await;
    let world = &hired.world;
    let commands = Commands::on(&world.app.settings).and("CONNECTS_PAYMENTS__PROVIDER", "none");
    let summary = || -> Value {
        let done = commands.run(&["task", "run", "reconcile", "--json"]);
        serde_json::from_str(done.last_line()).unwrap()
    };
    let nothing = summary();
    assert_eq!((&nothing["outcome"], &nothing["counts"]), (&json!("SUCCEEDED"), &json!({ "breaches": 0 })));
    let card = world.method(&hired.clara, "tok_visa").await;
    hired.fund(0, &card, "f").await;
    let failed = summary();
    assert_eq!(failed["outcome"], "FAILED", "{failed}");
    assert!(failed["error"].as_str().unwrap().contains("payments of SANDBOX were not compared"), "{failed}");
}

#[tokio::test]
async fn b_3_the_nightly_task_names_what_the_provider_has_and_we_have_not() {
    let hired = Hired::new().await;
    let world = &hired.world;
    let card = world.method(&hired.clara, "tok_visa").await;
    hired.fund(0, &card, "f").await;
    world.sleep_until("2026-01-03T00:00:00Z").await;
    world.sql("UPDATE sandbox_charges SET amount_cents = amount_cents + 1").await.unwrap();
    let asked = connects::schedule::Asked {
        trigger: connects::entity::enums::TaskTrigger::Command,
        actor: None,
        as_of: None,
    };
    let failed = world.app.runner().run_now(task("reconcile"), asked).await.unwrap_err().to_string();
    assert!(failed.contains("differs in 1 places") && failed.contains("another amount"), "{failed}");
    world.verify().await;
}
