import { graphql } from "react-relay";

export const mutation = graphql`
  mutation SubmitProposalMutation(
    $input: SubmitProposalInput!
    $connections: [ID!]!
  ) {
    submitProposal(input: $input) {
      proposal
        @prependNode(connections: $connections, edgeTypeName: "ProposalEdge") {
        state
        jobPost {
          proposalCount
        }
      }
      wallet {
        available
      }
      replayed
      userErrors {
        code
        message
        field
        ... on ConnectsPriceChanged {
          actual
        }
        ... on InsufficientConnects {
          required
          available
        }
      }
    }
  }
`;
