// The two stock configurations, without the rules that do not apply to this schema. `npm run lint:bare` shows all.
import bare from "./eslint.bare.mjs";

export default [
  ...bare,
  {
    files: ["schema.graphql"],
    rules: {
      // The exporter writes a one-line description on one line; clients see no difference.
      "@graphql-eslint/description-style": "off",
      // Bounded lists and the `nodes` shortcut are not connections.
      "@graphql-eslint/relay-edge-types": ["error", { listTypeCanWrapOnlyEdgeType: false }],
      // Values and answers have no identity; objects do.
      "@graphql-eslint/strict-id-in-types": [
        "error",
        {
          acceptedIdNames: ["id"],
          acceptedIdTypes: ["ID"],
          exceptions: {
            suffixes: ["Connection", "Edge", "Payload"],
            types: [
              ...["AccountClosure", "Admin", "AuditFact", "Clock", "PageInfo", "SessionTokens", "Throttled"],
              ...["ConnectsPriceChanged", "InsufficientCash", "InsufficientConnects", "Refusal"],
              ...["BillingCycle", "ConnectsPrice", "ExpiringOn", "ExpiryForecast", "HistoryDocument", "CashDocument", "CashLeg", "OfferedMilestone", "PlatformAccount"],
              ...["IllegalJobPostState", "IllegalProposalState", "IllegalOfferState", "IllegalContractState", "IllegalMilestoneState",
                "IllegalDisputeState", "IllegalProjectState", "IllegalAffiliateState", "IllegalPayoutState", "IllegalReferralState",
                "IllegalCommissionState", "IllegalFlagState", "IllegalTicketState", "FlagEvidence"],
              ...["AffiliateReport", "AffiliateReportLine", "ConsideredClick", "PayoutApproval", "PayoutPlan", "PayoutPreference"],
              ...["AppliedTax", "BillingDetails", "ConnectsQuote", "PolicyChange", "PolicyPreview", "PolicyReach", "PolicyPreset", "MailPreference", "OwnProfile", "CompetingBids", "UpgradePreview"],
              ...["RefundCase", "RefundEligibility", "Removal", "ClockAdvance", "Suspension"],
              ...["HourlyRange", "Money", "UpcomingGrant", "AdvancedTask", "TaskCount"],
            ],
          },
        },
      ],
    },
  },
];
