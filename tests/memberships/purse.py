"""A wallet, by the rulebook: lots that are spent first in, first out, and that expire after a year (L-1 to L-4, B-4)."""

from cycles import year_after


class Lot:
    """Connects that came together."""

    def __init__(self, source, quantity, issued):
        self.source, self.quantity, self.remaining = source, quantity, quantity
        self.issued, self.expires = issued, year_after(issued)


class Purse:
    """The lots of a wallet, in the order in which they were issued."""

    def __init__(self):
        self.lots = []

    def add(self, source, quantity, issued):
        """Issues a lot; none for nothing."""
        if quantity:
            self.lots.append(Lot(source, quantity, issued))
        return self.lots[-1:] if quantity else []

    def live(self, now):
        """The lots that can be spent, in the order in which they are."""
        live = [lot for lot in self.lots if lot.remaining and lot.expires > now]
        return sorted(live, key=lambda lot: (lot.issued, lot.expires))

    def available(self, now):
        """How many Connects can be spent."""
        return sum(lot.remaining for lot in self.live(now))

    def spend(self, quantity, now):
        """Takes Connects, the oldest first."""
        for lot in self.live(now):
            taken = min(lot.remaining, quantity)
            lot.remaining -= taken
            quantity -= taken
        assert quantity == 0

    def revoke(self, lots):
        """Removes what is left of `lots`."""
        for lot in lots:
            lot.remaining = 0
