//! Which role may do what: the one table of it (P-1). What concerns only the viewer needs no role. Which mutation needs
//! which permission is said where it is answered.

use crate::entity::enums::Role;

/// A permission that only roles grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Permission {
    /// Enter the operational part at all.
    Operate,
    /// See all accounts and their wallets.
    ReadPeople,
    /// See tasks and their runs.
    ReadTasks,
    /// Read the audit log.
    ReadAudit,
    /// Suspend accounts and lift suspensions (P-4).
    Suspend,
    /// End all sessions of another person.
    EndSessions,
    /// Move a membership to another plan (M-8).
    ChangePlan,
    /// Run, pause and resume tasks, and advance a sandbox's clock.
    RunTasks,
    /// Grant and revoke roles, and suspend people who have one.
    GrantRoles,
    /// See all job posts, proposals and reports.
    ReadMarket,
    /// Take posts down, decide reports and appeals, suspend for fraud (J-7, P-4).
    Moderate,
    /// Decide disputes over milestones (O-2).
    Arbitrate,
    /// Decide on affiliates (F-1).
    DecideAffiliates,
    /// Publish, revise and retire what affiliates put on their pages (F-2).
    KeepCreatives,
    /// Answer and close tickets (F-10).
    AnswerTickets,
    /// Let people buy again after a charge-back (B-4).
    UnfreezePurchases,
    /// Award and end talent badges (K-1).
    AwardBadges,
    /// Write versions of the policy, and make promo codes and campaigns.
    ChangePolicy,
    /// See what would be paid out, to whom.
    ReadPayouts,
    /// Approve plans of payouts and have them carried out (W-1).
    PayOut,
}

impl Permission {
    /// All permissions.
    pub const ALL: [Self; 20] = [
        Self::Operate,
        Self::ReadPeople,
        Self::ReadTasks,
        Self::ReadAudit,
        Self::Suspend,
        Self::EndSessions,
        Self::ChangePlan,
        Self::RunTasks,
        Self::GrantRoles,
        Self::ReadMarket,
        Self::Moderate,
        Self::Arbitrate,
        Self::DecideAffiliates,
        Self::KeepCreatives,
        Self::AnswerTickets,
        Self::UnfreezePurchases,
        Self::AwardBadges,
        Self::ChangePolicy,
        Self::ReadPayouts,
        Self::PayOut,
    ];
}

/// Whether `role` grants `permission`.
pub fn may(role: Role, permission: Permission) -> bool {
    use Permission::{
        AnswerTickets, EndSessions, Operate, ReadAudit, ReadMarket, ReadPayouts, ReadPeople, ReadTasks,
        Suspend,
    };
    match role {
        Role::Admin => true,
        Role::Support => matches!(permission, Operate | ReadPeople | Suspend | EndSessions | AnswerTickets),
        Role::Auditor => {
            matches!(permission, Operate | ReadPeople | ReadTasks | ReadAudit | ReadMarket | ReadPayouts)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p_1_each_role_may_do_its_own_and_no_more() {
        use Permission as P;
        let of = |role| P::ALL.into_iter().filter(|p| may(role, *p)).collect::<Vec<_>>();
        assert_eq!(of(Role::Admin), P::ALL);
        assert_eq!(
            of(Role::Support),
            [P::Operate, P::ReadPeople, P::Suspend, P::EndSessions, P::AnswerTickets]
        );
        assert_eq!(
            of(Role::Auditor),
            [P::Operate, P::ReadPeople, P::ReadTasks, P::ReadAudit, P::ReadMarket, P::ReadPayouts]
        );
    }
}
