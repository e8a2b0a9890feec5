//! Many transactions of the cash journal at once (P-3).

use std::sync::atomic::Ordering;

use connects::{
    cash::Holder,
    entity::{account, enums::CashKind, ids::AccountId},
};
use sea_orm::{EntityTrait, IntoActiveModel};

use crate::{
    cash::{BANK, assert_holds, post},
    support::World,
};

#[tokio::test]
async fn p_3_a_thousand_payouts_are_a_few_statements() {
    let world = World::new().await;
    let ada = world.freelancer("ada").await;
    let row = account::Entity::find_by_id(ada.viewer.id()).one(world.db().read()).await.unwrap().unwrap();
    let people: Vec<_> = (0..1_000)
        .map(|n| account::Model { id: AccountId::new(), email: format!("p{n}@test.example"), ..row.clone() })
        .collect();
    let ids: Vec<_> = people.iter().map(|one| one.id).collect();
    let registered = async |txn: &connects::db::Txn| {
        let rows = people.iter().cloned().map(IntoActiveModel::into_active_model);
        account::Entity::insert_many::<account::ActiveModel, _>(rows).exec_without_returning(txn).await?;
        Ok(())
    };
    world.db().write(registered).await.expect("a thousand people");
    let key = |what: &str, n: usize| format!("{what}{n}");
    let pay = async |what: &str, from: &[Holder], to: &[Holder]| {
        let before = world.statements.load(Ordering::SeqCst);
        let keys: Vec<_> = (0..from.len()).map(|n| key(what, n)).collect();
        let each = keys.iter().zip(from.iter().zip(to));
        let all: Vec<_> = each
            .map(|(key, (from, to))| (CashKind::Funding, key.as_str(), vec![(*from, -100), (*to, 100)]))
            .collect();
        post(&world, &all).await.expect("posted");
        world.statements.load(Ordering::SeqCst) - before
    };
    let of = |ids: &[AccountId]| ids.iter().map(|id| Holder::Person(*id)).collect::<Vec<_>>();
    let many = |holder: Holder| vec![holder; ids.len()];
    pay("earned", &many(BANK), &of(&ids)).await;
    pay("opened", &[BANK], &[Holder::PayoutsInTransit]).await;
    let thousand = pay("all", &of(&ids), &many(Holder::PayoutsInTransit)).await;
    assert!(thousand <= 5, "{thousand}");
    assert_holds(&world).await;
}
