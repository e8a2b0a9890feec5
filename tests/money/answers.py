"""Parts of answers about payments and cash: what is asked for, and what the model says of it."""

from market import money

ERRORS = """userErrors { code ... on InsufficientCash { field required { amount } available { amount } } }"""
PAYMENT = "payment { id state failure amount { amount } provider method { id } }"
CASH = "cashAccount { balance { amount } }"


def payment_of(payment):
    """A payment as it is answered to the person who pays."""
    return {"id": payment.id, "state": payment.state, "failure": payment.failure,
            "amount": {"amount": money(payment.cents)}, **means_of(payment)}


def means_of(payment):
    """Who collects a payment, and by which method."""
    if payment.from_cash:
        return {"provider": "CASH_ACCOUNT", "method": None}
    return {"provider": "SANDBOX", "method": {"id": payment.payer.cards[payment.card]}}


def cash_of(person):
    """The cash account of the person who asks."""
    return {"balance": {"amount": money(person.cash)}}


def lack(field, required, available):
    """What a refusal for too little cash says besides its code."""
    return {"field": ["input", field], "required": {"amount": money(required)}, "available": {"amount": money(available)}}
