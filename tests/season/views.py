"""Posts and proposals in answers: what is asked for, what the model says, and how to compare the two."""

import paths  # noqa: F401  # pylint: disable=unused-import

from clocks import instant
from contents import base_price, value_of
from model import demand_percent
from posts import cents
from world import LETTER

POST = """{
  id title description category subcategory skills payment state version proposalCount
  budget { amount } hourlyRange { min { amount } max { amount } }
  publishedAt expiresAt closedAt closingReason removal { reason appeal answer }
  connectsPrice { connects base proposalCount demandPercent value { amount } }
}"""
PROPOSAL = """{
  id connectsCharged coverLetter amount { amount } state submittedAt editedAt viewedAt endedAt endedReason
  letterOpenUntil isShortlisted isHidden jobPost { id }
}"""
REFUSALS = """{
  code
  ... on InsufficientConnects { required available }
  ... on ConnectsPriceChanged { expected actual }
  ... on IllegalJobPostState { postState: state postAllowed: allowed }
  ... on IllegalProposalState { proposalState: state proposalAllowed: allowed }
}"""


def post_read(node):
    """A `JobPost` of the API, flat, without its id."""
    rates, price = node["hourlyRange"] or {"min": None, "max": None}, node["connectsPrice"]
    plain = ("title", "description", "category", "subcategory", "state", "version", "proposalCount", "payment",
             "closingReason", "removal")
    return {
        **{name: node[name] for name in plain},
        "skills": tuple(node["skills"]),
        "terms": (_cents(node["budget"]), _cents(rates["min"]), _cents(rates["max"])),
        "price": (price["connects"], price["base"], price["proposalCount"], price["demandPercent"],
                  _cents(price["value"])),
        **{name: _instant(node[name]) for name in ("publishedAt", "expiresAt", "closedAt")},
    }


def post_expected(post, viewer, world):
    """The same by the model, as `viewer` sees it."""
    content, state, owner = post.content, post.state_at(world.now), viewer.is_admin or viewer is post.client
    dates = {"expiresAt": post.expires_at, "closedAt": post.closed_at}
    if state != post.state:
        # it has expired although its task has not run.
        dates = {"expiresAt": None, "closedAt": post.expires_at}
    return dates | {
        "title": content.title, "description": content.description, "category": content.category,
        "subcategory": content.subcategory, "state": state, "version": post.version,
        "proposalCount": len(post.proposals), "payment": content.payment, "skills": content.skills,
        "terms": (content.budget, content.hourly_min, content.hourly_max),
        "price": (post.price(), base_price(content), len(post.proposals), demand_percent(len(post.proposals)),
                  value_of(content)),
        "publishedAt": post.published_at,
        "closingReason": post.closing_reason if owner else None,
        "removal": post.removal if owner else None,
    }


def proposal_read(node):
    """A `Proposal` of the API, flat, without its id."""
    plain = ("connectsCharged", "coverLetter", "state", "endedReason", "isShortlisted", "isHidden")
    dates = ("submittedAt", "editedAt", "viewedAt", "endedAt", "letterOpenUntil")
    return {
        **{name: node[name] for name in plain},
        "amount": _cents(node["amount"]),
        "post": node["jobPost"]["id"],
        **{name: _instant(node[name]) for name in dates},
    }


def proposal_expected(proposal, viewer, world, post_id):
    """The same by the model, as `viewer` sees it."""
    mine, state = viewer is proposal.person, proposal.state_at(world.now)
    dates = {"endedAt": proposal.ended_at}
    if state != proposal.state:
        dates = {"endedAt": proposal.post.expires_at}
    until = proposal.submitted_at + LETTER if mine and proposal.viewed_at is None else None
    return dates | {
        "connectsCharged": proposal.charged, "coverLetter": proposal.letter, "state": state,
        "endedReason": proposal.ended_reason, "amount": proposal.amount, "post": post_id,
        "isShortlisted": None if mine else proposal.shortlisted, "isHidden": None if mine else proposal.hidden,
        "submittedAt": proposal.submitted_at, "editedAt": proposal.edited_at, "viewedAt": proposal.viewed_at,
        "letterOpenUntil": until,
    }


def only(got, expected):
    """The part of `got` that the model knows."""
    return {name: got[name] for name in expected}


def _cents(money):
    return None if money is None else cents(money["amount"])


def _instant(text):
    return None if text is None else instant(text)
