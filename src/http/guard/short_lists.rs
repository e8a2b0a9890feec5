//! Lists that are no pages, because they are short.

/// Lists that are short by nature, by type and field, with the rows they count as for a page of the default size. A
/// larger page counts in full, except for lists that cannot be longer.
pub const SHORT: [(&str, &str, usize); 34] = [
    // One person has one wallet (P-2).
    ("Viewer", "wallets", 1),
    // A spend takes from the oldest lots, a grant issues one for each part of the plan.
    ("HistoryEntry", "movements", 5),
    // Lots live for a year: twelve grants of two parts, plus gifts and returns.
    ("Wallet", "lots", 30),
    ("ExpiryForecast", "days", 30),
    // One of them for fraud.
    ("Account", "suspensions", 2),
    // There are four badges (K-1).
    ("Account", "talentBadges", 4),
    ("Freelancer", "talentBadges", 4),
    // One for each topic.
    ("Viewer", "mailPreferences", 5),
    ("RefundEligibility", "cases", 5),
    // Cut short by its resolver.
    ("FlagEvidence", "through", 20),
    ("AuditEntry", "facts", 5),
    ("CashEntry", "legs", 3),
    // Most people click a few times before they register.
    ("Attribution", "clicks", 5),
    // A payment is released within a few months.
    ("Commission", "locks", 3),
    ("PayoutPlan", "approvals", 2),
    // A purchase issues one, and a promo code may add another.
    ("Purchase", "lots", 2),
    ("PromoRedemption", "lots", 1),
    ("PromoCode", "plans", 2),
    // Most codes are for all countries, or for one.
    ("PromoCode", "countries", 5),
    ("CreatePromoCodesPayload", "promoCodes", 20),
    ("Viewer", "connectsBundles", 10),
    // Most versions of the policy change a value or two.
    ("PolicyVersion", "changes", 10),
    ("PolicyPreview", "changes", 10),
    // One for each part that slices name.
    ("PolicyPreview", "reached", 12),
    ("AffiliateReport", "lines", 31),
    ("Offer", "milestones", 5),
    // Few are refunded in part, and more than once fewer.
    ("Milestone", "refunds", 2),
    // One of each published card of PLUS (M-1).
    ("Admin", "policyPresets", 3),
    ("Admin", "tasks", crate::schedule::TASKS.len()),
    // One for each kind of cash account, and for each provider.
    ("Admin", "platformAccounts", 12),
    ("AdvanceClockPayload", "ran", crate::schedule::TASKS.len()),
    ("AdvancedTask", "counts", 5),
    ("RunTaskPayload", "counts", 5),
    ("TaskRun", "counts", 5),
];
