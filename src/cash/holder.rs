//! Which account is meant, in business terms.

use crate::entity::{
    cash_account,
    enums::{CashAccountKind, PaymentProvider},
    ids::{AccountId, ContractId},
};

/// An account in business terms: its kind, and whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holder {
    /// A person's cash.
    Person(AccountId),
    /// What a person owes (O-5).
    Receivable(AccountId),
    /// The escrow of a contract.
    Escrow(ContractId),
    /// What the platform has earned.
    Fees,
    /// What goes back to clients and no provider has confirmed yet.
    RefundsInTransit,
    /// What goes out to people and no bank has confirmed yet.
    PayoutsInTransit,
    /// What has left by payouts.
    PaidOut,
    /// What Connects were sold for.
    Sales,
    /// Taxes that were collected.
    Taxes,
    /// What the platform gives away.
    Promotions,
    /// What a payment provider owes to the platform.
    Clearing(PaymentProvider),
}

impl Holder {
    /// The kind of the account.
    pub const fn kind(self) -> CashAccountKind {
        match self {
            Self::Person(_) => CashAccountKind::Person,
            Self::Receivable(_) => CashAccountKind::Receivable,
            Self::Escrow(_) => CashAccountKind::Escrow,
            Self::Fees => CashAccountKind::Fees,
            Self::RefundsInTransit => CashAccountKind::RefundsInTransit,
            Self::PayoutsInTransit => CashAccountKind::PayoutsInTransit,
            Self::PaidOut => CashAccountKind::PaidOut,
            Self::Sales => CashAccountKind::Sales,
            Self::Taxes => CashAccountKind::Taxes,
            Self::Promotions => CashAccountKind::Promotions,
            Self::Clearing(_) => CashAccountKind::Clearing,
        }
    }

    /// Whose it is within its kind.
    pub fn name(self) -> String {
        match self {
            Self::Person(id) | Self::Receivable(id) => id.to_string(),
            Self::Escrow(id) => id.to_string(),
            Self::Clearing(provider) => provider.to_string(),
            Self::Fees
            | Self::RefundsInTransit
            | Self::PayoutsInTransit
            | Self::PaidOut
            | Self::Sales
            | Self::Taxes
            | Self::Promotions => String::new(),
        }
    }

    /// The person, if it is a person's.
    pub const fn person(self) -> Option<AccountId> {
        match self {
            Self::Person(id) | Self::Receivable(id) => Some(id),
            Self::Escrow(_)
            | Self::Fees
            | Self::RefundsInTransit
            | Self::PayoutsInTransit
            | Self::PaidOut
            | Self::Sales
            | Self::Taxes
            | Self::Promotions
            | Self::Clearing(_) => None,
        }
    }

    /// The contract, if it is the escrow of one.
    pub const fn contract(self) -> Option<ContractId> {
        match self {
            Self::Escrow(id) => Some(id),
            Self::Person(_)
            | Self::Receivable(_)
            | Self::Fees
            | Self::RefundsInTransit
            | Self::PayoutsInTransit
            | Self::PaidOut
            | Self::Sales
            | Self::Taxes
            | Self::Promotions
            | Self::Clearing(_) => None,
        }
    }

    /// Whether `row` is this account.
    pub(super) fn is(self, row: &cash_account::Model) -> bool {
        self.kind() == row.kind && self.name() == row.holder
    }
}
