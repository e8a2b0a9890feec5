import { graphql } from "react-relay";

export const fragment = graphql`
  fragment JobPosts_query on Query
  @refetchable(queryName: "JobPostsPaginationQuery")
  @argumentDefinitions(
    count: { type: "Int", defaultValue: 20 }
    cursor: { type: "String" }
    filter: { type: "JobPostFilter" }
  ) {
    jobPosts(first: $count, after: $cursor, filter: $filter)
      @connection(key: "JobPosts_jobPosts") {
      edges {
        node {
          title
          budget {
            amount
            currencyCode
          }
          connectsPrice {
            connects
            explanation
          }
          viewerProposal {
            state
          }
        }
      }
    }
  }
`;

export const query = graphql`
  query JobPostsQuery($filter: JobPostFilter) {
    ...JobPosts_query @arguments(filter: $filter)
  }
`;
