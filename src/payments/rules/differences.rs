//! Pure rules of reconciling: what a provider's list has that ours has not, and the other way round (B-3).

use std::{
    collections::{HashMap, HashSet},
    fmt,
};

use crate::{
    entity::enums::PaymentState,
    providers::payments::{Movement, MovementKind},
};

/// Money that a provider moved for us or was asked to move, as our rows say.
#[derive(Clone, Debug)]
pub struct Ours {
    /// What it is.
    pub kind: MovementKind,
    /// Our id, which is the idempotency key with the provider; that of a charge-back is its row's.
    pub id: String,
    /// The provider's own name for it, once it is known.
    pub reference: Option<String>,
    /// The charge that a refund or a charge-back is of, by the provider's own name.
    pub of: Option<String>,
    /// How much, in minor units.
    pub cents: i64,
    /// The currency.
    pub currency: String,
    /// How it ended, if it has.
    pub state: PaymentState,
    /// Whether the provider's list must have it by now, if money moved.
    pub is_listed: bool,
    /// Whether its outcome must be known by now.
    pub is_due: bool,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wrong {
    /// The provider moved money, and we know nothing of it.
    MissingHere,
    /// We say that money moved, and the provider's list does not have it.
    MissingThere,
    /// The amounts differ.
    Amount,
    /// The currencies differ.
    Currency,
    /// The provider moved money, and we say that it failed.
    FailedHere,
    /// The provider moved money more than once for a request of ours.
    Twice,
    /// A refund or a charge-back is of another charge than we say.
    OfAnother,
    /// The outcome must be known by now, and is not.
    Unsettled,
}

/// A difference between a provider's list and ours.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Difference {
    /// What it is about.
    pub kind: MovementKind,
    /// What is wrong.
    pub wrong: Wrong,
    /// The provider's name for it or, if there is none, our id.
    pub subject: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sentence = match self.wrong {
            Wrong::MissingHere => "the provider moved this money, and no row says so",
            Wrong::MissingThere => "the provider's list does not have it",
            Wrong::Amount => "the provider moved another amount",
            Wrong::Currency => "the provider moved another currency",
            Wrong::FailedHere => "the provider moved this money, and its row says that it failed",
            Wrong::Twice => "the provider moved this money once more",
            Wrong::OfAnother => "the provider says that it is of another charge",
            Wrong::Unsettled => "its outcome is not known after a day",
        };
        write!(f, "{} {}: {sentence}", self.kind, self.subject)
    }
}

/// Compares the lists. `ours` has what `theirs` names or means, and what must be in it.
pub fn differences(ours: &[Ours], theirs: &[Movement]) -> Vec<Difference> {
    let named = ours.iter().filter_map(|one| Some(((one.kind, one.reference.as_deref()?), one)));
    let named: HashMap<_, _> = named.collect();
    let meant: HashMap<_, _> = ours.iter().map(|one| ((one.kind, one.id.as_str()), one)).collect();
    let (mut seen, mut found) = (HashSet::new(), Vec::new());
    for their in theirs {
        let our = named.get(&(their.kind, their.reference.as_str()));
        let by_key = || meant.get(&(their.kind, their.key.as_deref()?));
        let wrong = match our.or_else(by_key) {
            None => their.is_settled.then_some(Wrong::MissingHere),
            Some(other) if our.is_none() && other.reference.is_some() => Some(Wrong::Twice),
            Some(our) if !seen.insert((our.kind, our.id.as_str())) => Some(Wrong::Twice),
            Some(our) => compared(our, their),
        };
        found.extend(wrong.map(|wrong| difference(their.kind, wrong, &their.reference)));
    }
    for our in ours.iter().filter(|our| !seen.contains(&(our.kind, our.id.as_str()))) {
        let wrong = match our.state {
            PaymentState::Paid if our.is_listed => Wrong::MissingThere,
            PaymentState::Pending | PaymentState::Unknown if our.is_due => Wrong::Unsettled,
            _ => continue,
        };
        found.push(difference(our.kind, wrong, our.reference.as_ref().unwrap_or(&our.id)));
    }
    without_undone(found, theirs)
}

/// Leaves out charges that should not have been and were given back as a whole at the provider, with what gave them back.
fn without_undone(found: Vec<Difference>, theirs: &[Movement]) -> Vec<Difference> {
    let is_odd = |kind, subject: &str| {
        let wrong = [Wrong::MissingHere, Wrong::FailedHere, Wrong::Twice];
        found.iter().any(|one| one.kind == kind && one.subject == subject && wrong.contains(&one.wrong))
    };
    let backs = |of: &str| {
        let is_back = |one: &&Movement| one.kind == MovementKind::Refund && one.of.as_deref() == Some(of);
        let backs = theirs.iter().filter(is_back);
        backs.filter(|one| is_odd(one.kind, &one.reference)).collect::<Vec<_>>()
    };
    let mut undone = HashSet::new();
    for charge in
        theirs.iter().filter(|one| one.kind == MovementKind::Charge && is_odd(one.kind, &one.reference))
    {
        let backs = backs(&charge.reference);
        if backs.iter().map(|back| back.cents).sum::<i64>() == charge.cents {
            undone.insert(charge.reference.clone());
            undone.extend(backs.into_iter().map(|back| back.reference.clone()));
        }
    }
    found.into_iter().filter(|one| !undone.contains(&one.subject)).collect()
}

fn difference(kind: MovementKind, wrong: Wrong, subject: &str) -> Difference {
    Difference { kind, wrong, subject: subject.to_owned() }
}

/// What is wrong between two that mean the same.
fn compared(our: &Ours, their: &Movement) -> Option<Wrong> {
    match our.state {
        PaymentState::Failed => return Some(Wrong::FailedHere),
        PaymentState::Pending | PaymentState::Unknown => return our.is_due.then_some(Wrong::Unsettled),
        PaymentState::Paid => {}
    }
    if our.currency != their.currency {
        Some(Wrong::Currency)
    } else if our.cents != their.cents {
        Some(Wrong::Amount)
    } else {
        (our.of != their.of).then_some(Wrong::OfAnother)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b_3_a_charge_that_should_not_have_been_is_no_difference_once_it_was_given_back() {
        let charge = Movement {
            kind: MovementKind::Charge,
            reference: "pi_1".into(),
            key: None,
            of: None,
            cents: 500,
            currency: "USD".into(),
            is_settled: true,
        };
        let back = |name: &str, cents| Movement {
            kind: MovementKind::Refund,
            reference: name.into(),
            of: Some("pi_1".into()),
            cents,
            ..charge.clone()
        };
        let count =
            |backs: &[Movement]| differences(&[], &[std::slice::from_ref(&charge), backs].concat()).len();
        assert_eq!([count(&[]), count(&[back("re_1", 499)])], [1, 2]);
        assert_eq!(count(&[back("re_1", 200), back("re_2", 300)]), 0);
    }

    const KINDS: [MovementKind; 3] = [MovementKind::Charge, MovementKind::Refund, MovementKind::Chargeback];

    fn agreeing(n: usize) -> (Ours, Movement) {
        let kind = KINDS[n % 3];
        let (reference, cents) = (format!("ref_{n}"), 500 + n as i64);
        let of = (kind != MovementKind::Charge).then(|| format!("ref_{}", n / 3 * 3));
        let ours = Ours {
            kind,
            id: format!("id_{n}"),
            reference: Some(reference.clone()),
            of: of.clone(),
            cents,
            currency: "USD".into(),
            state: PaymentState::Paid,
            is_listed: true,
            is_due: true,
        };
        let key = (kind != MovementKind::Chargeback).then(|| format!("id_{n}"));
        let currency = "USD".to_owned();
        (ours, Movement { kind, reference, key, of, cents, currency, is_settled: true })
    }

    /// Plants difference number `way` into the pair `n`.
    fn plant(way: usize, n: usize, ours: &mut Vec<Ours>, theirs: &mut Vec<Movement>) -> Difference {
        let (mut our, mut their) = agreeing(n);
        let (kind, reference) = (our.kind, their.reference.clone());
        let mut subject = reference.clone();
        let wrong = match way % 10 {
            0 => Wrong::MissingHere,
            1 => Wrong::MissingThere,
            2 => (their.cents += 1, Wrong::Amount).1,
            3 => (their.cents -= 1, Wrong::Amount).1,
            4 => (their.currency = "EUR".into(), Wrong::Currency).1,
            5 => (our.state = PaymentState::Failed, Wrong::FailedHere).1,
            6 => {
                theirs.push(Movement { reference: format!("twice_{n}"), ..their.clone() });
                subject = format!("twice_{n}");
                if their.key.is_some() { Wrong::Twice } else { Wrong::MissingHere }
            }
            7 => (their.of = Some("ref_of_another".into()), Wrong::OfAnother).1,
            8 => (our.state = PaymentState::Unknown, Wrong::Unsettled).1,
            _ => {
                (our.state, our.reference, subject) = (PaymentState::Pending, None, our.id.clone());
                Wrong::Unsettled
            }
        };
        if !way.is_multiple_of(10) {
            ours.push(our);
        }
        if ![1, 9].contains(&(way % 10)) {
            theirs.push(their);
        }
        Difference { kind, wrong, subject }
    }

    #[test]
    fn b_3_a_thousand_planted_differences_of_ten_kinds_are_found_and_no_others() {
        let (mut ours, mut theirs, mut planted) = (Vec::new(), Vec::new(), Vec::new());
        for n in 0..3_000 {
            if n % 3 == 0 {
                let place = n / 3;
                planted.push(plant(place, 3_000 + place, &mut ours, &mut theirs));
            }
            let (our, their) = agreeing(n);
            ours.push(our);
            theirs.push(their);
        }
        let mut found = differences(&ours, &theirs);
        planted.sort();
        found.sort();
        assert_eq!(planted.len(), 1_000);
        assert_eq!(found, planted);
        theirs.reverse();
        let mut found = differences(&ours, &theirs);
        found.sort();
        assert_eq!(found, planted, "in whatever order the provider lists");
    }

    #[test]
    fn b_3_what_is_under_way_is_no_difference() {
        let (our, their) = agreeing(0);
        let under_way = |state| Ours { state, is_listed: false, is_due: false, ..our.clone() };
        for state in [PaymentState::Pending, PaymentState::Unknown] {
            assert!(
                differences(&[under_way(state)], std::slice::from_ref(&their)).is_empty(),
                "carried out, not known yet"
            );
            assert!(differences(&[under_way(state)], &[]).is_empty(), "not carried out yet");
        }
        assert!(differences(&[under_way(PaymentState::Paid)], &[]).is_empty(), "not listed yet");
        let fresh = Movement { is_settled: false, ..their };
        assert!(differences(&[], &[fresh]).is_empty(), "not told of yet");
        let failed = Ours { state: PaymentState::Failed, ..our };
        assert!(differences(&[failed], &[]).is_empty());
    }
}
