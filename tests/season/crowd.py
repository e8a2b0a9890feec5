"""The people who register in a season, and the job posts that are imported for them, day by day."""

from dataclasses import dataclass

FIRST_DAYS = 10
"Number of days on which freelancers register."
IMPORTS = tuple(range(0, 46, 5))
"Days on which a part of the file is imported."


@dataclass(frozen=True)
class Crowd:
    """The people who register: (address, client, freelancer)."""

    clients: tuple
    freelancers: tuple

    def on(self, day):
        """The people who register on a day: all clients on the first, freelancers on the first ten."""
        return (self.clients if day == 0 else ()) + (self.freelancers[day::FIRST_DAYS] if day < FIRST_DAYS else ())


def crowd(clients, freelancers):
    """This many of each; every fifth client is also a freelancer."""
    return Crowd(tuple((f"client-{n:03}@example.com", True, n % 5 == 0) for n in range(1, clients + 1)),
                 tuple((f"freelancer-{n:03}@example.com", False, True) for n in range(1, freelancers + 1)))


def parts(rows, clients, day):
    """(address of a client, rows of the file) to import on a day: a tenth of the rows, over a fifth of them."""
    if day not in IMPORTS:
        return []
    turn = IMPORTS.index(day)
    mine, chosen = rows[turn::len(IMPORTS)], clients[turn % 5::5] or clients
    shared = [(address, mine[place::len(chosen)]) for place, (address, _, _) in enumerate(chosen)]
    return [(address, part) for address, part in shared if part]
