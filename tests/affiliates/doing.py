"""What people do, over GraphQL and by links, and what the model says of it."""

from collections import Counter

from agreement import agree
from dates import money
from reviewing import ERRORS, Reviewing
from things import Affiliate, Job, Link, Method, Person

PASSWORD = "a horse in winter"
REGISTER = """mutation($input: RegisterInput!) { done: register(input: $input) { mailSent userErrors { code } } }"""
SIGN_IN = """mutation($input: SignInInput!) { done: signIn(input: $input) { tokens { accessToken } userErrors { code } } }"""
APPLY = """mutation($k: String!) { done: applyAsAffiliate(input: { website: "https://site.example", promotion: "A site.",
  termsVersion: 1, idempotencyKey: $k }) { affiliate { id state } %s } }""" % ERRORS
DECIDE = """mutation($a: ID!, $d: AffiliateDecision!, $r: String, $k: String!) { done: decideAffiliate(input: {
  affiliateId: $a, decision: $d, reason: $r, idempotencyKey: $k }) { affiliate { state } %s } }""" % ERRORS
LINK = """mutation($t: LinkTarget!, $p: String, $k: String!) { done: createAffiliateLink(input: { label: "Link",
  target: $t, path: $p, idempotencyKey: $k }) { affiliateLink { id path targetPath } %s } }""" % ERRORS
RETIRE = """mutation($l: ID!, $k: String!) { done: retireAffiliateLink(input: { affiliateLinkId: $l,
  idempotencyKey: $k }) { affiliateLink { id } %s } }""" % ERRORS
PREFER = """mutation($s: PayoutSchedule!, $t: MoneyInput, $k: String!) { done: setPayoutPreference(input: { schedule: $s,
  threshold: $t, idempotencyKey: $k }) { payoutPreference { schedule threshold { amount } } %s } }""" % ERRORS
METHOD = """mutation($input: SetPayoutMethodInput!) { done: setPayoutMethod(input: $input) {
  payoutMethod { rail currencyCode } userErrors { code } } }"""
PROJECT = """mutation($k: String!) { done: publishProject(input: { idempotencyKey: $k, content: { title: "Project",
  description: "Work.", category: DESIGN, price: { amount: "10.00" } } }) { project { freelancer { id } } %s } }""" % ERRORS
CARD = """mutation($t: String!, $k: String!) { done: addPaymentMethod(input: { token: $t, idempotencyKey: $k }) {
  paymentMethod { id } %s } }""" % ERRORS
OFFER = """mutation($f: ID!, $a: MoneyInput!, $k: String!) { done: sendDirectOffer(input: { freelancerId: $f,
  title: "Work", category: DESIGN, milestones: [{ title: "All", amount: $a }], idempotencyKey: $k }) {
  offer { id } %s } }""" % ERRORS
ACCEPT = """mutation($o: ID!, $k: String!) { done: acceptOffer(input: { offerId: $o, idempotencyKey: $k }) {
  contract { milestones { nodes { id } } } %s } }""" % ERRORS
FUND = """mutation($m: ID!, $c: ID!, $k: String!) { done: fundMilestone(input: { milestoneId: $m, paymentMethodId: $c,
  idempotencyKey: $k }) { milestone { state } payment { state failure } %s } }""" % ERRORS
RELEASE = """mutation($m: ID!, $k: String!) { done: releaseMilestone(input: { milestoneId: $m, idempotencyKey: $k }) {
  milestone { state } %s } }""" % ERRORS
REFUND = """mutation($m: ID!, $a: MoneyInput, $k: String!) { done: refundMilestone(input: { milestoneId: $m, amount: $a,
  idempotencyKey: $k }) { milestone { state refunded { amount } } %s } }""" % ERRORS
DISPUTE = """mutation($m: ID!, $k: String!) { done: openDispute(input: { milestoneId: $m, reason: "No.",
  idempotencyKey: $k }) { dispute { id } %s } }""" % ERRORS
SETTLE = """mutation($d: ID!, $a: MoneyInput!, $k: String!) { done: decideDispute(input: { disputeId: $d, refund: $a,
  reason: "So be it.", idempotencyKey: $k }) { dispute { milestone { state } } %s } }""" % ERRORS
WITHDRAW = """mutation($a: MoneyInput!, $k: String!) { done: requestWithdrawal(input: { amount: $a, idempotencyKey: $k }) {
  payout { id state } cashAccount { balance { amount } } %s } }""" % ERRORS
CANCEL = """mutation($p: ID!, $k: String!) { done: cancelWithdrawal(input: { payoutId: $p, idempotencyKey: $k }) {
  payout { state failure } cashAccount { balance { amount } } %s } }""" % ERRORS
SUSPEND = """mutation($a: ID!, $k: String!) { done: suspendAccount(input: { accountId: $a, reason: "So be it.",
  idempotencyKey: $k }) { account { id } %s } }""" % ERRORS
REINSTATE = """mutation($a: ID!, $k: String!) { done: reinstateAccount(input: { accountId: $a, idempotencyKey: $k }) {
  account { id } %s } }""" % ERRORS
ACCOUNT = "query($e: String!) { admin { account(email: $e) { id } } }"
DETAILS = {"BANK_TRANSFER": lambda holder, account: {"bankTransfer": {"holder": holder, "iban": account}},
           "BACS": lambda holder, account: {"bacs": {
               "holder": holder, "sortCode": account[:6], "accountNumber": account[7:]}},
           "PAYPAL": lambda holder, account: {"paypal": {"holder": holder, "email": account}}}


class Doing(Reviewing):
    """Does one thing after the other, each predicted."""

    def __init__(self, year, line, admins):
        self.year, self.line, self.admins = year, line, admins
        self.count = 0
        self.tally = Counter()

    def did(self, what):
        """Counts something."""
        self.tally[what] += 1

    def send(self, person, document, is_lost=False, **variables):
        """What a mutation with a key answers; the server may be killed meanwhile."""
        self.count += 1
        return self.line.send(person, document, {**variables, "k": f"k{self.count}"}, is_lost)

    def refuse(self, person, document, code, **variables):
        """A mutation is refused."""
        agree(f"a refusal of {person.name}", self.send(person, document, **variables)["userErrors"], [{"code": code}])
        self.did(f"refused: {code}")

    def fine(self, what, done, **expected):
        """Something was done, and is answered like this."""
        agree(f"refusals of {what}", done["userErrors"], [])
        agree(what, {name: done[name] for name in expected}, expected)
        return done

    def click(self, browser, link, agent=None, query="", network=None, **headers):
        """A browser follows a link, which leads on in any case; ads add a query to it."""
        person = agent is None and not headers
        asked = {"agent": agent} if agent else {}
        path = f"{link.path}?{query}" if query else link.path
        status, leads, cookie = self.line.program.client.follow(path, browser.cookie, network=network, **asked, **headers)
        counts = person and self.year.click(browser, link, query, network)
        agree("where a link leads", (status, leads, bool(cookie)), (302, link.leads, counts))
        browser.cookie = cookie or browser.cookie
        self.did("clicks" if counts else "clicks that do not count")

    def register(self, person, browser=None, device=None):
        """Somebody registers, from a browser with a cookie or not, and signs in."""
        given = {"email": person.email, "password": PASSWORD, "name": person.name, "country": "GB", "deviceId": device,
                 "client": person.is_client, "freelancer": person.is_freelancer,
                 "affiliate": not person.is_client and not person.is_freelancer}
        client = self.line.program.client
        done = client.visit(REGISTER, {"input": given}, browser and browser.cookie)["done"]
        agree(f"a registration of {person.name}", done, {"mailSent": True, "userErrors": []})
        self.year.register(person)
        if device:
            person.seen("DEVICE", device, self.year.now)
        one = browser and self.year.attribute(person, browser)
        self.did(f"registrations {one.refusal or one.state}" if one else "registrations without a click")
        done = client.visit(SIGN_IN, {"input": {"email": person.email, "password": PASSWORD}})["done"]
        agree(f"refusals of a sign-in of {person.name}", done["userErrors"], [])
        person.token = done["tokens"]["accessToken"]
        return person

    def newcomer(self, name, domain="people.example", **profiles):
        """Somebody who could register."""
        return Person(name, f"{name}@{domain}", self.year.now, **profiles)

    def apply(self, person):
        """Somebody applies to be an affiliate."""
        done = self.fine("an application", self.send(person, APPLY))["affiliate"]
        known = next((one for one in self.year.affiliates if one.person is person), None)
        affiliate = known or Affiliate(person, done["id"])
        affiliate.state = "PENDING"
        if not known:
            self.year.affiliates.append(affiliate)
        agree("an application", done, {"id": affiliate.id, "state": "PENDING"})
        return affiliate

    def decide(self, affiliate, decision):
        """An admin decides on an affiliate."""
        done = self.send(self.admins[0], DECIDE, a=affiliate.id, d=decision, r="So be it.")
        self.year.decide(affiliate, decision)
        self.fine(f"a decision: {decision}", done, affiliate={"state": affiliate.state})
        self.did(f"affiliates: {decision}")

    def link(self, affiliate, target, path=None):
        """An affiliate makes a link, or cannot."""
        why = "ACCOUNT_SUSPENDED" if affiliate.person.suspended else affiliate.state != "APPROVED" and "NOT_AN_AFFILIATE"
        if why:
            return self.refuse(affiliate.person, LINK, why, t=target, p=path)
        leads = {"TALENT_MARKETPLACE": "/", "PROJECT_CATALOG": "/catalog", "DEEP_LINK": path}[target]
        made = self.fine("a link", self.send(affiliate.person, LINK, t=target, p=path))["affiliateLink"]
        agree("where a link leads", made["targetPath"], leads)
        link = Link(affiliate, made["id"], made["path"], leads)
        affiliate.links.append(link)
        self.year.links.append(link)
        self.did("links")
        return link

    def retire(self, link):
        """An affiliate retires a link."""
        done = self.send(link.affiliate.person, RETIRE, l=link.id)
        self.fine("a link that is retired", done, affiliateLink={"id": link.id})
        link.retired = True
        self.did("links retired")

    def prefer(self, person, schedule, threshold=None):
        """Somebody says when to be paid."""
        amount = threshold and {"amount": money(threshold)}
        done = self.send(person, PREFER, s=schedule, t=amount)
        self.fine("a preference", done, payoutPreference={"schedule": schedule, "threshold": amount})
        person.schedule, person.threshold = schedule, threshold
        self.did(f"preferences {schedule}")

    def pay_to(self, person, rail, holder, account, currency="USD"):
        """Somebody says where they are paid, or cannot."""
        given = {**DETAILS[rail](holder, account), "currencyCode": currency, "password": PASSWORD}
        if person.suspended:
            done = self.line.ask(person, METHOD, input=given)["done"]
            return agree("a payout method of somebody suspended", done["userErrors"], [{"code": "ACCOUNT_SUSPENDED"}])
        currency = "GBP" if rail == "BACS" else currency
        done = self.line.ask(person, METHOD, input=given)["done"]
        self.fine("a payout method", done, payoutMethod={"rail": rail, "currencyCode": currency})
        person.method = Method(rail, currency, holder, account, self.year.now)
        person.seen("PAYOUT", account, self.year.now)
        return self.did(f"payout methods {rail} {currency}")

    def show(self, freelancer):
        """A freelancer publishes something, so that people know by which id they are hired."""
        done = self.send(freelancer, PROJECT)
        freelancer.profile = self.fine("a project", done)["project"]["freelancer"]["id"]

    def hire(self, client, freelancer, cents):
        """A client hires a freelancer: the job."""
        offer = self.fine("an offer", self.send(client, OFFER, f=freelancer.profile, a={"amount": money(cents)}))["offer"]
        made = self.fine("a contract", self.send(freelancer, ACCEPT, o=offer["id"]))["contract"]
        job = Job(client, freelancer, cents, self.year.now, made["milestones"]["nodes"][0]["id"])
        self.year.jobs.append(job)
        self.did("hires")
        return job

    def fund(self, job, card="tok_visa"):
        """A client pays for a job by a card."""
        if card not in job.client.card:
            added = self.fine("a card", self.send(job.client, CARD, t=card))
            job.client.card[card] = added["paymentMethod"]["id"]
            if "#" in card:
                job.client.seen("PAYMENT", card.split("#")[1], self.year.now)
        done = self.send(job.client, FUND, is_lost="lost" in card, m=job.id, c=job.client.card[card])
        state, failure = self.year.pay(job, card)
        self.fine("a payment", done, milestone={"state": job.state}, payment={"state": state, "failure": failure})
        self.did(f"payments {card.split('#')[0]}")

    def release(self, job):
        """A client releases a job."""
        done = self.send(job.client, RELEASE, m=job.id)
        job.release(self.year.now)
        self.fine("a release", done, milestone={"state": "RELEASED"})
        self.did("releases")

    def refund(self, job, cents):
        """A freelancer gives so much back, if they have it."""
        asked = {"m": job.id, "a": None if cents == job.left else {"amount": money(cents)}}
        if job.state == "RELEASED" and job.freelancer.cash < cents - job.fee_in(cents):
            return self.refuse(job.freelancer, REFUND, "INSUFFICIENT_CASH", **asked)
        done = self.send(job.freelancer, REFUND, **asked)
        job.refund(self.year.now, cents)
        self.fine("a refund", done, milestone={"state": job.state, "refunded": {"amount": money(job.refunded)}})
        return self.did(f"refunds, then {job.state}")

    def settle(self, job, cents):
        """A client disputes what is in escrow, and an admin gives them so much."""
        dispute = self.fine("a dispute", self.send(job.client, DISPUTE, m=job.id))["dispute"]
        done = self.send(self.admins[0], SETTLE, d=dispute["id"], a={"amount": money(cents)})
        job.decide(self.year.now, cents)
        self.fine("a decision", done, dispute={"milestone": {"state": job.state}})
        self.did("disputes")

    def withdraw(self, person, cents):
        """Somebody withdraws so much of their cash, or cannot; what is withdrawn."""
        asked = {"a": {"amount": money(cents)}}
        why = self._why_no_withdrawal(person, cents)
        if why:
            return self.refuse(person, WITHDRAW, why, **asked)
        done = self.send(person, WITHDRAW, **asked)
        agree("refusals of a withdrawal", done["userErrors"], [])
        payout = self.year.withdraw(person, cents)
        payout.id = done["payout"]["id"]
        self.fine("a withdrawal", done, payout={"id": payout.id, "state": "SCHEDULED"},
                  cashAccount={"balance": {"amount": money(person.cash)}})
        self.did("withdrawals")
        return payout

    @staticmethod
    def _why_no_withdrawal(person, cents):
        if person.suspended:
            return "ACCOUNT_SUSPENDED"
        if cents < 1_000:
            return "INVALID_INPUT"
        return "NO_PAYOUT_METHOD" if not person.method else "INSUFFICIENT_CASH" if person.cash < cents else None

    def cancel(self, payout):
        """Somebody cancels a withdrawal, or cannot any more."""
        person = payout.person
        if payout.state not in ("SCHEDULED", "HELD"):
            return self.refuse(person, CANCEL, "ILLEGAL_STATE", p=payout.id)
        done = self.send(person, CANCEL, p=payout.id)
        self.year.fail(payout, "CANCELLED")
        self.fine("a withdrawal that is cancelled", done, payout={"state": "FAILED", "failure": "CANCELLED"},
                  cashAccount={"balance": {"amount": money(person.cash)}})
        return self.did("withdrawals cancelled")

    def suspend(self, person, lifts=False):
        """An admin suspends an account, or lifts that."""
        person.id = person.id or self.line.ask(self.admins[0], ACCOUNT, e=person.email)["admin"]["account"]["id"]
        self.fine("a suspension", self.send(self.admins[0], REINSTATE if lifts else SUSPEND, a=person.id))
        person.suspended = not lifts
        self.did("accounts reinstated" if lifts else "accounts suspended")
