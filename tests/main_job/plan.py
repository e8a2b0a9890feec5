"""What a run will do: a pure function of the seed, the counts and the number of posts.

Each part has its own dice, so that one count does not change what another part does.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

START = datetime(2026, 1, 1, tzinfo=timezone.utc)
"Where the sandbox's time starts: the first day of a month of 31 days."
DAYS_OF_MONTH = 31


@dataclass(frozen=True)
class Sizes:
    """The counts that were asked for."""

    seed: int
    freelancers: int
    plus: int
    idle: int
    submits: int
    days: int
    kills: int


@dataclass(frozen=True)
class Plan:
    """All that happens, in order."""

    registrations: tuple
    "(instant, e-mail addresses), one a day."
    plus: tuple
    "Freelancers who get PLUS once all are registered."
    idle: tuple
    "Freelancers who never spend."
    submits: tuple
    "(e-mail address, index of the post), each pair once."
    submit_kills: tuple
    "(number of the call after which to kill the server, how late as a share of a few calls' time)."
    end: datetime
    "The instant to which the clock is finally advanced."
    advance_kills: tuple
    "(instant at or after which to kill the advance, how many seconds of real time later)."


def complaint(sizes, posts):
    """Why the counts contradict each other; `None` if they do not."""
    spenders = sizes.freelancers - sizes.idle
    if min(sizes.freelancers, sizes.days, sizes.submits) < 1 or min(sizes.plus, sizes.idle, sizes.kills) < 0:
        return "counts must be positive"
    if sizes.plus > sizes.freelancers or spenders < 1:
        return "more people get PLUS, or are idle, than register"
    if sizes.submits * 2 > spenders * posts:
        return f"{sizes.submits} submits are more than half of all pairs of {spenders} spenders and {posts} posts"
    if sizes.kills * 10 > sizes.submits or sizes.kills * 5 > sizes.days:
        return "so many kills need at least ten submits and five days each"
    return None


def make(sizes, posts):
    """The plan of `sizes` on a file of this many posts."""
    people = [f"freelancer-{number:04}@example.com" for number in range(1, sizes.freelancers + 1)]
    registrations = tuple(_registrations(_dice(sizes, "registrations"), people))
    idle = set(_dice(sizes, "idle").sample(people, sizes.idle))
    spenders = [email for email in people if email not in idle]
    begin = registrations[-1][0]
    return Plan(
        registrations=registrations,
        plus=tuple(_dice(sizes, "plus").sample(people, sizes.plus)),
        idle=tuple(sorted(idle)),
        submits=tuple(_submits(_dice(sizes, "submits"), spenders, posts, sizes.submits)),
        submit_kills=tuple(_submit_kills(_dice(sizes, "submit kills"), sizes)),
        end=begin + timedelta(days=sizes.days),
        advance_kills=tuple(_advance_kills(_dice(sizes, "advance kills"), sizes, begin)),
    )


def _dice(sizes, what):
    return random.Random(f"{sizes.seed}/{what}")


def _registrations(dice, people):
    """A moment of every day of the month, with people in turn; the clock also moves on days without anybody.

    The moments are away from midnight, so that the end of the run cuts off no task of the last day.
    """
    for day in range(DAYS_OF_MONTH):
        moment = timedelta(microseconds=dice.randrange(2 * 3600 * 10**6, 22 * 3600 * 10**6))
        yield START + timedelta(days=day) + moment, tuple(people[day::DAYS_OF_MONTH])


def _submits(dice, spenders, posts, count):
    """Pairs without repetition, skewed: a few posts draw crowds, and a few people propose all the time."""
    spenders = dice.sample(spenders, len(spenders))
    ranked = dice.sample(range(posts), posts)
    seen = set()
    while len(seen) < count:
        email = spenders[int(len(spenders) * dice.random() ** 2)]
        pair = (email, ranked[int(posts * dice.random() ** 3)])
        if pair not in seen:
            seen.add(pair)
            yield pair


def _submit_kills(dice, sizes):
    """The first half of the kills, rounded up, all before the last submits."""
    calls = range(1, int(sizes.submits * 0.95) + 1)
    for call in sorted(dice.sample(calls, (sizes.kills + 1) // 2)):
        yield call, dice.random()


def _advance_kills(dice, sizes, begin):
    """The other half of the kills, in the first nine tenths of the way."""
    shares = sorted(0.9 * dice.random() for _ in range(sizes.kills // 2))
    for share in shares:
        yield begin + timedelta(seconds=int(share * sizes.days * 86_400)), 0.02 * dice.random()
