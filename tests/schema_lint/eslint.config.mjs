// The two stock configurations, less what does not hold of this schema. `npm run lint:bare` shows all.
import bare from "./eslint.bare.mjs";

export default [
  ...bare,
  {
    files: ["schema.graphql"],
    rules: {
      // The exporter writes one-line descriptions in one line; the same to every client.
      "@graphql-eslint/description-style": "off",
      // Bounded lists and the `nodes` shortcut are no connections.
      "@graphql-eslint/relay-edge-types": ["error", { listTypeCanWrapOnlyEdgeType: false }],
      // Values and answers have no identity; things do.
      "@graphql-eslint/strict-id-in-types": [
        "error",
        {
          acceptedIdNames: ["id"],
          acceptedIdTypes: ["ID"],
          exceptions: {
            suffixes: ["Connection", "Edge", "Payload"],
            types: [
              ...["AccountClosure", "Admin", "AuditFact", "Clock", "PageInfo", "SessionTokens", "Throttled"],
              ...["ConnectsPriceChanged", "InsufficientConnects", "Refusal"],
              ...["BillingCycle", "ConnectsPrice", "ExpiringOn", "ExpiryForecast", "HistoryDocument"],
              ...["IllegalJobPostState", "IllegalProposalState", "RefundCase", "RefundEligibility", "Removal", "ClockAdvance", "Suspension"],
              ...["HourlyRange", "Money", "UpcomingGrant", "AdvancedTask", "TaskCount"],
            ],
          },
        },
      ],
    },
  },
];
