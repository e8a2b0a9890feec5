import { graphql } from "react-relay";

// Pages backwards, on a type that is both a Node and the type of the root field.
export const fragment = graphql`
  fragment ViewerProposals_viewer on Viewer
  @refetchable(queryName: "ViewerProposalsPaginationQuery")
  @argumentDefinitions(
    count: { type: "Int", defaultValue: 20 }
    cursor: { type: "String" }
  ) {
    proposals(last: $count, before: $cursor)
      @connection(key: "ViewerProposals_proposals") {
      edges {
        node {
          connectsCharged
          submittedAt
        }
      }
    }
  }
`;

export const query = graphql`
  query ViewerProposalsQuery {
    viewer {
      ...ViewerProposals_viewer
    }
  }
`;
