//! Which of several restrictions decides: the only order of precedence (P-4, P-6).

use crate::{
    clock::Instant,
    entity::{enums::RestrictionKind, restriction},
};

/// The restriction among `restrictions` that decides, with its start: a closed account comes first, because nothing
/// can be done with it before it is open again; otherwise the earliest suspension.
pub fn decisive<'a>(
    restrictions: impl IntoIterator<Item = &'a restriction::Model>,
) -> Option<(RestrictionKind, Instant)> {
    let rank = |kind| match kind {
        RestrictionKind::Closed => 0,
        RestrictionKind::Suspended | RestrictionKind::Fraud => 1,
    };
    let first = restrictions.into_iter().min_by_key(|one| (rank(one.kind), one.from_at))?;
    Some((first.kind, first.from_at))
}

/// The suspensions among `restrictions`, fraud included, the earliest first.
pub fn suspensions(restrictions: &[restriction::Model]) -> Vec<&restriction::Model> {
    let mut them: Vec<_> = restrictions.iter().filter(|one| one.kind != RestrictionKind::Closed).collect();
    them.sort_by_key(|one| one.from_at);
    them
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::ids::AccountId;

    #[test]
    fn p_4_a_closure_decides_before_a_suspension_and_the_earliest_suspension_before_a_later_one() {
        let account_id = AccountId::new();
        let on = |kind, day: u32| restriction::Model {
            account_id,
            kind,
            from_at: format!("2026-01-{day:02}T00:00:00Z").parse().unwrap(),
            until_at: None,
            reason: "a reason".into(),
            actor_id: None,
        };
        let closed = on(RestrictionKind::Closed, 20);
        let (suspended, fraud) = (on(RestrictionKind::Suspended, 1), on(RestrictionKind::Fraud, 10));
        let decided = |rows: &[&restriction::Model]| decisive(rows.iter().copied());
        for rows in [[&closed, &suspended, &fraud], [&fraud, &suspended, &closed]] {
            assert_eq!(decided(&rows), Some((RestrictionKind::Closed, closed.from_at)));
        }
        assert_eq!(decided(&[&fraud, &suspended]), Some((RestrictionKind::Suspended, suspended.from_at)));
        assert_eq!(decided(&[]), None);
        let all = [closed, fraud.clone(), suspended.clone()];
        assert_eq!(suspensions(&all), [&suspended, &fraud]);
    }
}
