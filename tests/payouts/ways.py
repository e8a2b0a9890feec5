"""The ways in which the provider of a sandbox treats a transfer: words in the holder's name decide (docs/PAYOUTS.md)."""

from dataclasses import dataclass

LOST = {"": 1, "lost before": 2, "lost after": 1, "lost twice": 2}
"What is lost of the talk with the provider, and how often it must hear of the transfer then, at least and at most."
FAILURES = {"": None, "closed": "ACCOUNT_CLOSED", "refused": "REFUSED", "invalid": "INVALID_DETAILS"}
"Why a transfer fails, by the word."


@dataclass(frozen=True)
class Way:
    """What happens to transfers to a holder."""

    lost: str = ""
    word: str = ""

    @property
    def attempts(self):
        """How often the provider hears of a transfer: what is lost on the way counts, what is looked up does not."""
        return LOST[self.lost]

    @property
    def failure(self):
        """Why the transfer fails; None if it does not."""
        return FAILURES[self.word]

    def holder(self, number):
        """The name of a holder whom the provider treats so."""
        return " ".join(part for part in (f"Ann {number}", self.lost, self.word, "Lee") if part)

    def __str__(self):
        return f"{self.lost} {self.word}".strip() or "no fault"


GOOD = Way()
FAULTY = tuple(Way(lost, word) for lost in LOST for word in FAILURES if lost or word)
"All fifteen."
