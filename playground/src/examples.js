// The tabs that a new visitor finds, for each kind of person. A tab is named after its operation.
// The first one has no header, because it works without a token.

const TOKEN = JSON.stringify({ Authorization: "Bearer <paste a token from the server's start-up output>" }, null, 2)

const visitor = `# Visitor: job posts, the price of a proposal, and why.
# Needs no token.
query VisitorJobPosts {
  jobPosts(first: 5, filter: { maxConnects: 16 }) {
    nodes {
      id
      title
      category
      payment
      budget { amount currencyCode }
      hourlyRange {
        min { amount currencyCode }
        max { amount currencyCode }
      }
      proposalCount
      connectsPrice {
        connects
        base
        demandPercent
        explanation
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}
`

const wallet = `# Freelancer: my Connects, the next grant, and what expires.
# Needs a freelancer's token: Headers, below.
query FreelancerWallet {
  viewer {
    name
    wallets(first: 1) {
      nodes {
        available
        held
        expiringSoon
        plan
        billingCycle { startsOn endsOn }
        nextGrant { on quantity free paid condition }
        lots(first: 20) {
          nodes { source remaining quantity expiresAt explanation }
        }
        expiryForecast(plannedSpend: 20) {
          shortfall
          days { on quantity left }
        }
      }
    }
  }
}
`

const plan = `# Freelancer: what PLUS would bring and cost, what 80 Connects
# cost, and what was bought. Needs a freelancer's token. PLUS
# has no preview for members who are on it.
query FreelancerPlan {
  viewer {
    wallet { plan planBasis planEndsOn giftMonthsLeft billingCycle { startsOn endsOn } }
    upgradePreview(plan: PLUS) {
      connects
      paid
      prorated
      explanation
      newCycle { startsOn endsOn }
      net { amount }
      tax { amount }
      charged { amount }
    }
    connectsQuote(quantity: 80) {
      listPrice { amount }
      discount { amount }
      tax { amount }
      total { amount }
      bonus
      expiresAt
    }
    purchases(first: 10) {
      nodes {
        id
        item
        plan
        quantity
        promoCode
        bonus
        state
        total { amount }
        receiptPath
        lots { source remaining expiresAt }
      }
    }
  }
}
`

const profile = `# Freelancer: what others see of me, and the friends whom I
# refer (joinReferralCampaign gives a link). Needs a
# freelancer's token: Headers, below.
query FreelancerProfile {
  viewer {
    profile { perks slug hidesEarnings hiddenFrom }
    referralCampaigns(first: 5) {
      nodes {
        id
        name
        isOpen
        obstacles
        deadline
        threshold { amount }
        reward { amount }
        giftMonths
      }
    }
    referralLinks(first: 5) { nodes { code path campaign { name } } }
    referrals(first: 10) {
      nodes { friendName state reason progress { amount } dueOn }
    }
  }
  freelancers(first: 5) {
    nodes {
      name
      slug
      earned { amount }
      talentBadges { kind awardedAt }
    }
  }
}
`

const history = `# Freelancer: 90 days of history, with the lots it changed.
# Needs a freelancer's token: Headers, below.
query FreelancerHistory {
  viewer {
    wallets(first: 1) {
      nodes {
        history(window: LAST_90_DAYS, first: 20) {
          nodes {
            seq
            effectiveAt
            kind
            quantity
            availableAfter
            reason
            movements(first: 10) {
              nodes {
                quantity
                lot { source remaining expiresAt }
              }
            }
          }
          pageInfo { hasNextPage endCursor }
        }
      }
    }
  }
}
`

const proposal = `# Freelancer: a proposal, as a dry run. Put the id and the
# price from tab one into Variables. Needs a freelancer's token.
mutation FreelancerProposal($input: SubmitProposalInput!) {
  submitProposal(input: $input) {
    proposal { connectsCharged state }
    availableAfter
    entry {
      reason
      quantity
      movements(first: 10) {
        nodes {
          quantity
          lot { source remaining expiresAt }
        }
      }
    }
    replayed
    userErrors {
      code
      message
      rule
      retryable
      ... on InsufficientConnects { required available }
      ... on ConnectsPriceChanged { expected actual }
    }
  }
}
`

const proposalVariables = {
  input: {
    jobPostId: '<an id from the first tab>',
    expectedConnects: 4,
    coverLetter: 'I could start on Monday.',
    idempotencyKey: 'my-first-proposal',
    dryRun: true,
  },
}

const posts = `# Client: my job posts and the proposals to them.
# Needs a client's token: Headers, below.
query ClientJobPosts {
  viewer {
    name
    unreadNotificationCount
    jobPosts(first: 10) {
      nodes {
        title
        state
        expiresAt
        version
        connectsPrice { connects explanation }
        proposals(first: 10) {
          nodes {
            id
            freelancerName
            state
            submittedAt
            coverLetter
            amount { amount currencyCode }
            isShortlisted
          }
        }
      }
    }
  }
}
`

const money = `# Freelancer: offers, contracts and cash. Accept an offer with
# acceptOffer. Needs a freelancer's token: Headers, below.
query FreelancerMoney {
  viewer {
    offers(first: 10) {
      nodes {
        id
        title
        clientName
        state
        expiresAt
        total { amount currencyCode }
        milestones { title amount { amount } }
      }
    }
    contracts(first: 10) {
      nodes {
        title
        state
        inEscrow { amount }
        released { amount }
        milestones(first: 20) {
          nodes {
            title
            state
            amount { amount }
            refunded { amount }
            dispute { state reason }
          }
        }
      }
    }
    cashAccount {
      balance { amount currencyCode }
      pending { amount }
      history(first: 10) {
        nodes { kind reason amount { amount } balanceAfter { amount } effectiveAt }
      }
    }
  }
}
`

const hire = `# Client: an offer to a freelancer who proposed, as a dry run.
# Put a proposal's id into Variables. Needs a client's token.
mutation ClientOffer($input: SendOfferInput!) {
  sendOffer(input: $input) {
    offer {
      title
      freelancerName
      expiresAt
      total { amount currencyCode }
    }
    userErrors { code message field rule }
  }
}
`

const hireVariables = {
  input: {
    proposalId: '<an id from the client tab>',
    milestones: [{ title: 'Draft', amount: { amount: '25.00' } }],
    dryRun: true,
  },
}

const accept = `# Freelancer: accept an offer, as a dry run. Put its id from the
# money tab into Variables. Needs a freelancer's token.
mutation FreelancerAccept($input: AcceptOfferInput!) {
  acceptOffer(input: $input) {
    contract {
      title
      clientName
      state
      milestones(first: 20) { nodes { id title state amount { amount } } }
    }
    userErrors { code message field rule }
  }
}
`

const acceptVariables = { input: { offerId: '<an id from the money tab>', idempotencyKey: 'accept-1', dryRun: true } }

const card = `# Client: a card that works (a sandbox moves no money), and the
# milestones to fund. Needs a client's token: Headers, below.
mutation ClientCard {
  addPaymentMethod(input: { token: "tok_visa" }) {
    paymentMethod { id label }
    userErrors { code message }
  }
}

query ClientContracts {
  viewer {
    contracts(first: 10) {
      nodes {
        title
        freelancerName
        inEscrow { amount }
        milestones(first: 20) { nodes { id title state amount { amount } } }
      }
    }
  }
}
`

const pay = `# Client: fund a milestone into escrow, then release it to the
# freelancer. Put ids from the card tab into Variables. To pay from
# your cash account, send fromCash: true instead of a payment method.
mutation ClientFund($fund: FundMilestoneInput!) {
  fundMilestone(input: $fund) {
    payment { state failure amount { amount currencyCode } }
    milestone { title state contract { inEscrow { amount } } }
    userErrors { code message field rule }
  }
}

mutation ClientRelease($release: ReleaseMilestoneInput!) {
  releaseMilestone(input: $release) {
    milestone { title state contract { released { amount } } }
    userErrors { code message field rule }
  }
}
`

const payVariables = {
  fund: {
    milestoneId: '<an id from the card tab>',
    paymentMethodId: '<an id from the card tab>',
    idempotencyKey: 'fund-1',
    dryRun: true,
  },
  release: { milestoneId: '<an id from the card tab>', idempotencyKey: 'release-1', dryRun: true },
}

const rooms = `# Client: conversations about proposals (write by sendMessage), and
# work that can be ordered without one (by orderProject). Needs a
# client's token: Headers, below.
query ClientRooms {
  viewer {
    rooms(first: 10) {
      nodes {
        freelancerName
        lastMessageAt
        proposal { id state jobPost { title } }
        messages(first: 5) {
          nodes { authorName body sentAt }
        }
      }
    }
  }
  projects(first: 10) {
    nodes {
      id
      title
      description
      freelancerName
      price { amount currencyCode }
    }
  }
}
`

const tasks = `# Admin: tasks, when each runs next, and the latest runs.
# Needs an admin's token: Headers, below.
query AdminTasks {
  admin {
    tasks { name timetable time pausedSince nextRunAt lastSuccessAt }
    taskRuns(first: 10) {
      nodes {
        task
        trigger
        businessNow
        startedAt
        finishedAt
        outcome
        counts { what count }
        error
      }
    }
  }
}
`

const disputes = `# Admin: disputes over milestones that wait for a decision.
# Needs an admin's token: Headers, below.
query AdminDisputes {
  admin {
    disputes(state: OPEN, first: 10) {
      nodes {
        id
        openerName
        reason
        openedAt
        milestone {
          title
          state
          amount { amount currencyCode }
          contract { title clientName freelancerName }
        }
      }
    }
  }
}
`

const affiliate = `# Affiliate: links, who came by them, what they earn and what
# was paid. Needs the token of anyone who has applied by
# applyAsAffiliate: Headers, below.
query AffiliateEarnings {
  viewer {
    payoutMethod { label currencyCode usableAt }
    payoutPreference { schedule threshold { amount } }
    affiliateCreatives(first: 10) { nodes { kind name caption path width height } }
    affiliate {
      state
      owed { amount }
      sent { amount }
      paid { amount }
      links(first: 10) { nodes { label path target targetPath } }
      attributions(first: 10) { nodes { registeredOn country state refusal clicks { clickedAt fate } } }
      commissions(first: 10) {
        nodes {
          state
          reason
          base { amount }
          expected { amount }
          locked { amount }
          isUnderReview
          isDisputed
          explanation
          locks { lockedAt amount { amount } dueAt payout { state paid { amount currencyCode } } }
        }
      }
    }
  }
}
`

const payouts = `# Admin: what would be paid out now, and why the rest is not.
# Needs an admin's token: Headers, below.
query AdminPayoutPlan {
  admin {
    payoutPlan(purpose: COMMISSIONS) {
      digest
      payoutCount
      total { amount currencyCode }
      held { amount }
      needsSecondAdmin
      lines(first: 10) {
        nodes { account { email } amount { amount } hold method { label } paid { amount currencyCode } }
      }
    }
    affiliates(state: PENDING, first: 10) { nodes { id website promotion appliedAt account { email } } }
    affiliateFlags(state: OPEN, first: 10) {
      nodes {
        id
        kind
        raisedAt
        evidence { shared through { email } secondsSinceClick signUps adTerm }
        client { email }
        affiliate { account { email } }
      }
    }
    affiliateCreatives(first: 10) { nodes { id kind name path publishedAt revisedAt retiredAt } }
    tickets(state: OPEN, first: 10) { nodes { id subject isDispute openedAt account { email } } }
  }
}
`

const clock = `# Admin: advance the sandbox clock, as a dry run, to the
# instant in Variables. Needs an admin's token: Headers.
mutation AdminAdvanceClock($input: AdvanceClockInput!) {
  advanceClock(input: $input) {
    from
    to
    ran { task runs counts { what count } }
    userErrors { code message rule }
  }
}
`

const clockVariables = { input: { to: '2026-05-02T00:00:00Z', dryRun: true } }

const json = (value) => JSON.stringify(value, null, 2)

export const examples = [
  { query: visitor },
  { query: wallet, headers: TOKEN },
  { query: plan, headers: TOKEN },
  { query: profile, headers: TOKEN },
  { query: history, headers: TOKEN },
  { query: proposal, variables: json(proposalVariables), headers: TOKEN },
  { query: money, headers: TOKEN },
  { query: accept, variables: json(acceptVariables), headers: TOKEN },
  { query: posts, headers: TOKEN },
  { query: hire, variables: json(hireVariables), headers: TOKEN },
  { query: card, headers: TOKEN },
  { query: pay, variables: json(payVariables), headers: TOKEN },
  { query: rooms, headers: TOKEN },
  { query: affiliate, headers: TOKEN },
  { query: disputes, headers: TOKEN },
  { query: payouts, headers: TOKEN },
  { query: tasks, headers: TOKEN },
  { query: clock, variables: json(clockVariables), headers: TOKEN },
]
