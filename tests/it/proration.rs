//! Upgrades and cancellations on any days, in any order (M-6, M-8, M-13).

use std::collections::{BTreeMap, BTreeSet};

use connects::{
    clock::Instant,
    memberships::rules::{anchor_day_of, next_start},
    policy::ShortMonths::FirstOfMonth,
};
use serde_json::json;

use crate::{
    gifts::{CANCEL, KEEP},
    subscriptions::said,
    support::{Person, World, at},
};

/// Numbers that look random (SplitMix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % n
    }
}

/// An instant as a history has it.
fn shown(at: Instant) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

impl World {
    /// Upgrades, and checks that what happens is what the preview said, to the Connect and the cent; whether it did.
    async fn upgrade_as_previewed(&self, person: &Person, key: &str) -> bool {
        let (preview, before) = (self.upgrade_preview(person).await, self.available(person).await);
        let upgraded = self.upgrade(person, "", key).await;
        if preview.is_string() {
            assert_eq!(said(&upgraded), preview, "{key}");
            return false;
        }
        assert_eq!(upgraded["userErrors"], json!([]), "{key}: {upgraded}");
        let (wallet, purchase) = (&upgraded["wallet"], &upgraded["purchase"]);
        assert_eq!(wallet["available"], before + preview["connects"].as_i64().unwrap(), "{key}: {preview}");
        assert_eq!(wallet["billingCycle"], preview["newCycle"], "{key}");
        assert_eq!(purchase["total"]["amount"], preview["charged"]["amount"], "{key}");
        assert_eq!(purchase["quantity"], preview["paid"], "{key}");
        true
    }

    /// What each cycle brought a person, by the instant at which it began.
    async fn grants(&self, person: &Person) -> BTreeMap<String, i64> {
        let of_plan = ["MONTHLY_FREE", "MEMBERSHIP", "MEMBERSHIP_PRORATED"];
        let mut grants = BTreeMap::new();
        for (kind, quantity, _, at) in self.history(person).await {
            if of_plan.contains(&kind.as_str()) {
                *grants.entry(at).or_default() += quantity;
            }
        }
        grants
    }
}

#[tokio::test]
async fn m_6_no_sequence_of_upgrades_and_cancellations_gives_more_than_one_full_grant_per_cycle() {
    let (world, mut chance, mut now) = (World::new().await, Chance(20_261_201), at("2026-01-01T00:00:00Z"));
    let (mut people, mut upgraded) = (Vec::new(), BTreeSet::new());
    for n in 0..8 {
        let person = world.freelancer(&format!("f{n}")).await;
        world.method(&person, "tok_visa").await;
        people.push(person);
        now += chrono::TimeDelta::hours(7);
        world.advance(&now.to_rfc3339()).await;
    }
    for step in 0..45 {
        now += chrono::TimeDelta::minutes(i64::try_from(chance.below(14 * 1_440)).unwrap());
        world.advance(&now.to_rfc3339()).await;
        for (n, person) in people.iter().enumerate() {
            match chance.below(4) {
                0 if world.upgrade_as_previewed(person, &format!("{step}/{n}")).await => {
                    upgraded.insert((n, shown(now)));
                }
                1 => drop(world.data(Some(person), CANCEL, json!({})).await),
                2 => drop(world.data(Some(person), KEEP, json!({})).await),
                _ => {}
            }
        }
    }
    let mut sizes = BTreeMap::new();
    for (n, person) in people.iter().enumerate() {
        let mut next = None;
        for (starts_at, quantity) in world.grants(person).await {
            assert!((10..=70).contains(&quantity), "{n} got {quantity} at {starts_at}");
            *sizes.entry(quantity).or_insert(0) += 1;
            // A cycle begins by an upgrade, or when the one before it is over; never in between.
            let is_upgrade = upgraded.contains(&(n, starts_at.clone()));
            let day = at(&starts_at).date_naive();
            let (is_first, due) = (next.is_none(), next.map(|(_, due)| due));
            assert!(
                is_first || is_upgrade || due == Some(day),
                "{n} got {quantity} at {starts_at}, not {due:?}"
            );
            let anchor =
                if is_first || is_upgrade { anchor_day_of(day, FirstOfMonth) } else { next.unwrap().0 };
            next = Some((anchor, next_start(day, anchor)));
        }
    }
    // Both plans, and upgrades in the middle of a cycle, were among them.
    assert!(sizes[&10] > 5 && sizes[&70] > 5 && sizes.range(61..70).count() > 5, "{sizes:?}");
    world.verify().await;
}
