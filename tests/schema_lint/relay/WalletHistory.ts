import { graphql } from "react-relay";

export const fragment = graphql`
  fragment WalletHistory_wallet on Wallet
  @refetchable(queryName: "WalletHistoryPaginationQuery")
  @argumentDefinitions(
    count: { type: "Int", defaultValue: 20 }
    cursor: { type: "String" }
    kinds: { type: "[HistoryKind!]" }
  ) {
    available
    history(first: $count, after: $cursor, kinds: $kinds)
      @connection(key: "WalletHistory_history", filters: ["kinds"]) {
      edges {
        node {
          seq
          kind
          reason
          quantity
          availableAfter
          effectiveAt
          document {
            kind
            reference
          }
        }
      }
    }
  }
`;

export const query = graphql`
  query WalletHistoryQuery {
    viewer {
      name
      wallets(first: 1) {
        edges {
          node {
            ...WalletHistory_wallet
          }
        }
      }
    }
  }
`;
