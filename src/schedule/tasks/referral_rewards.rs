//! Invites and reminds freelancers who may refer friends, reserves rewards for friends who have earned enough, and pays them
//! (C-2 to C-5).

use crate::{
    clock::Instant,
    error::Result,
    referral_rewards, referrals,
    schedule::{
        run::Run,
        task::{Counts, Outlook, Work},
    },
};

#[derive(Debug)]
pub struct ReferralRewards;

#[async_trait::async_trait]
impl Work for ReferralRewards {
    async fn due(&self, outlook: &Outlook<'_>) -> Result<Option<Instant>> {
        let (db, now) = (&outlook.db, outlook.now);
        let telling = referrals::next_due(db, outlook.policy, now).await?;
        let rewards = referral_rewards::next_due(db, now).await?;
        Ok([telling, rewards].into_iter().flatten().min())
    }

    async fn run(&self, run: &Run<'_>) -> Result<Counts> {
        let (mut invited, mut reminded, mut qualified, mut ended, mut paid) = (0, 0, 0, 0, 0);
        while let some @ 1.. = run.batch(referrals::invite).await? {
            invited += some;
        }
        while let Some(some) = run.batch(referrals::remind).await? {
            reminded += some;
        }
        while let Some(judged) = run.batch(referral_rewards::judge).await? {
            qualified += judged.qualified;
            ended += judged.ended;
        }
        while let some @ 1.. = run.batch(referral_rewards::pay).await? {
            paid += some;
        }
        Ok(Counts::from([
            ("invited", invited),
            ("reminded", reminded),
            ("qualified", qualified),
            ("ended", ended),
            ("paid", paid),
        ]))
    }
}
