"""What is asked of the server."""

CARD = """mutation($t: String!) { done: addPaymentMethod(input: { token: $t }) { paymentMethod { id } userErrors { code } } }"""
FORGET = """mutation($m: ID!) { done: removePaymentMethod(input: { paymentMethodId: $m }) { userErrors { code } } }"""
REGION = """mutation($r: String!) { done: setBillingDetails(input: { region: $r }) { userErrors { code } } }"""
ADVANCE = """mutation($to: DateTime!) { done: advanceClock(input: { to: $to }) { to userErrors { code } } }"""
ACCOUNT = """query($e: String!) { admin { account(email: $e) { id } } }"""
CODES = """mutation($i: CreatePromoCodesInput!) { done: createPromoCodes(input: $i) { promoCodes { id } userErrors { code } } }"""
END = """mutation($c: ID!) { done: endPromoCode(input: { promoCodeId: $c }) { userErrors { code } } }"""
POLICY = """{ admin { policyVersions(first: 1) { nodes { number document } } } }"""
APPLY = """mutation($d: String!, $v: Int!, $at: DateTime, $k: String!) {
  done: applyPolicy(input: { document: $d, expectedVersion: $v, effectiveFrom: $at, idempotencyKey: $k }) { policyVersion { number } userErrors { code message } } }"""
POST = """mutation($t: String!, $k: String!) { done: createJobPost(input: { publish: true, idempotencyKey: $k, content: {
  title: $t, description: "Work.", category: DESIGN, payment: FIXED, budget: { amount: "4000" } } }) { jobPost { id }
  userErrors { code } } }"""
PRICE = """query($p: ID!) { node(id: $p) { ... on JobPost { connectsPrice { connects } } } }"""
PROPOSE = """mutation($p: ID!, $n: Int!, $k: String!) { done: submitProposal(input: { jobPostId: $p, expectedConnects: $n,
  coverLetter: "I could.", idempotencyKey: $k }) { availableAfter userErrors { code } } }"""
BUY = """mutation($i: BuyConnectsInput!) { done: buyConnects(input: $i) { purchase { state quantity listPrice { amount }
  discount { amount } net { amount } tax { amount } total { amount } bonus promoCode } wallet { available } userErrors { code } } }"""
UPGRADE = """mutation($i: UpgradePlanInput!) { done: upgradePlan(input: $i) { purchase { state total { amount } }
  wallet { available plan planBasis billingCycle { startsOn } } userErrors { code } } }"""
CANCEL = """mutation($k: String!) { done: cancelPlan(input: { idempotencyKey: $k }) { effectiveOn userErrors { code } } }"""
KEEP = """mutation($k: String!) { done: keepPlan(input: { idempotencyKey: $k }) { wallet { planEndsOn } userErrors { code } } }"""
GIVE = """mutation($a: ID!, $n: Int!, $k: String!) { done: givePlanMonths(input: { accountId: $a, plan: PLUS, months: $n,
  reason: "Sorry.", idempotencyKey: $k }) { wallet { available plan giftMonthsLeft } userErrors { code } } }"""
UNFREEZE = """mutation($a: ID!, $k: String!) { done: unfreezePurchases(input: { accountId: $a, reason: "Looked into.",
  idempotencyKey: $k }) { userErrors { code } } }"""
REDEEM = """mutation($c: String!, $k: String!) { done: redeemPromoCode(input: { promoCode: $c, idempotencyKey: $k }) {
  wallet { available plan giftMonthsLeft } userErrors { code } } }"""
QUOTE = """query($q: Int!, $c: String) { viewer { connectsQuote(quantity: $q, promoCode: $c) { listPrice { amount }
  discount { amount } net { amount } tax { amount } total { amount } bonus } } }"""
PREVIEW = """{ viewer { upgradePreview(plan: PLUS) { paid prorated usesGiftMonth total { amount } charged { amount }
  newCycle { startsOn endsOn } } } }"""
SEEN = """{ viewer { arePurchasesFrozen cashAccount { balance { amount } } wallet { available plan planBasis planEndsOn giftMonthsLeft
  billingCycle { startsOn endsOn } lots(first: 100) { nodes { source quantity remaining issuedAt expiresAt } } }
  purchases(first: 100) { nodes { item state quantity total { amount } promoCode } } } }"""
TOTALS = """{ admin { platformAccounts { kind balance { amount } } taskRuns(outcome: FAILED) { nodes { task } } } }"""
AWARD = """mutation($a: ID!) { done: awardTalentBadge(input: { accountId: $a, kind: TOP_RATED, reason: "Score 95." }) {
  userErrors { code } } }"""
CAMPAIGN = """mutation($i: CreateReferralCampaignInput!) { done: createReferralCampaign(input: $i) { referralCampaign { id }
  userErrors { code message } } }"""
LINKS = """{ viewer { referralLinks { nodes { code } } } }"""
REGISTER = """mutation($i: RegisterInput!) { done: register(input: $i) { userErrors { code } } }"""
OFFER = """mutation($i: SendDirectOfferInput!) { done: sendDirectOffer(input: $i) { offer { id } userErrors { code message } } }"""
ACCEPT = """mutation($o: ID!, $k: String!) { done: acceptOffer(input: { offerId: $o, idempotencyKey: $k }) {
  contract { milestones { nodes { id } } } userErrors { code message } } }"""
FUND = """mutation($m: ID!, $w: ID!, $k: String!) { done: fundMilestone(input: { milestoneId: $m, paymentMethodId: $w,
  idempotencyKey: $k }) { userErrors { code message } } }"""
RELEASE = """mutation($m: ID!, $k: String!) { done: releaseMilestone(input: { milestoneId: $m, idempotencyKey: $k }) {
  userErrors { code message } } }"""
REFUND = """mutation($m: ID!, $a: MoneyInput!, $k: String!) { done: refundMilestone(input: { milestoneId: $m, amount: $a,
  reason: "Sorry.", idempotencyKey: $k }) { userErrors { code message } } }"""
REFERRALS = """{ viewer { referrals(first: 100) { nodes { friendName state progress { amount } reachedAt } } } }"""
ALL_REFERRALS = """query($c: ID!) { admin { referrals(referralCampaignId: $c, first: 100) { nodes { friendName state
  progress { amount } reachedAt } } } }"""
RESERVED = """query($c: ID!) { node(id: $c) { ... on ReferralCampaign { reserved { amount } } } }"""
PUBLISH = """mutation($k: String!) { done: publishProject(input: { idempotencyKey: $k, content: { title: "Project",
  description: "Work.", category: DESIGN, price: { amount: "10" } } }) { project { freelancer { id } } userErrors { code } } }"""
