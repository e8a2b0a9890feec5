"""The content of a job post: its price (J-3), the words that find it (J-6), and made-up contents.

Amounts are in cents. The numbers are those of the policy that seeds a new database; tiers and steps come
from the main job's model.
"""

import paths  # noqa: F401  # pylint: disable=unused-import

import re
from dataclasses import dataclass, replace
from functools import cached_property

from model import ABOVE, CAP, HOURS_A_WEEK, TIERS, UNKNOWN, WEEKS, demand_percent

CATEGORIES = {
    "Admin & Data Entry": "ADMIN_AND_CUSTOMER_SUPPORT",
    "Customer Service": "ADMIN_AND_CUSTOMER_SUPPORT",
    "Data Science & Analytics": "DEVELOPMENT_AND_IT",
    "Design & Creative": "DESIGN",
    "Lifestyle": "LIFESTYLE",
    "Sales & Marketing": "MARKETING",
    "Consulting & HR": "CONSULTING_AND_HR",
    "Video & Audio": "VIDEO_AND_AUDIO",
    "Web, Mobile & Software Dev": "DEVELOPMENT_AND_IT",
    "Writing & Translation": "WRITING_AND_TRANSLATION",
}
"The category that an imported post's category becomes (J-1)."
LEVELS = ("ENTRY", "INTERMEDIATE", "EXPERT")
WORDS = ("Python", "Rust", "logo", "shop", "API", "données", "Übersetzung", "scraper", "video", "\"quick\" fix",
         "app, mobile", "dashboard", "SEO", "chatbot", "migration", "landing page", "🚀 launch", "data-entry",
         "WordPress", "web", "design", "React", "C++", "e-commerce", "naïve")
ASKED = ("python", "RUST", "logo", "Shop", "api", "DONNÉES", "übersetzung", "video", "fix", "mobile", "seo",
         "launch", "entry", "wordpress", "web", "Design", "react", "developer", "data", "commerce", "naïve", "xyzzy")
"Words to search for; no post has the last one."
BUDGETS = (500, 5_000, 5_001, 15_000, 60_000, 60_001, 150_000, 300_000, 300_001, 2_000_000)
"Also around the edges of the price's tiers."


@dataclass(frozen=True)
class Content:
    """What a client writes into a post (J-1)."""

    title: str
    description: str
    category: str
    subcategory: str | None
    skills: tuple
    payment: str
    budget: int | None = None
    hourly_min: int | None = None
    hourly_max: int | None = None
    weekly_hours: int | None = None
    duration_weeks: int | None = None
    level: str | None = None
    visibility: str = "PUBLIC"

    @cached_property
    def words(self):
        """The words by which a search finds it."""
        return words_of(" ".join((self.title, self.description, *self.skills)))

    def as_input(self):
        """The content as a `JobPostContent` of the API."""
        return {
            "title": self.title, "description": self.description, "category": self.category,
            "subcategory": self.subcategory, "skills": list(self.skills), "payment": self.payment,
            "budget": money(self.budget), "hourlyMin": money(self.hourly_min), "hourlyMax": money(self.hourly_max),
            "weeklyHours": self.weekly_hours, "durationWeeks": self.duration_weeks, "experienceLevel": self.level,
            "visibility": self.visibility,
        }


def money(cents):
    """An amount in the API's form."""
    return None if cents is None else {"amount": f"{cents // 100}.{cents % 100:02}"}


def words_of(text):
    """Runs of letters and digits, in lower case."""
    return set(re.findall(r"[^\W_]+", text.lower()))


def value_of(content):
    """J-3: the value of the work in cents, half a cent rounded up; `None` if it cannot be known."""
    if content.payment == "FIXED":
        return content.budget
    rates = [rate for rate in (content.hourly_min, content.hourly_max) if rate is not None]
    if not rates:
        return None
    doubled = (rates[0] + rates[-1]) * (content.weekly_hours or HOURS_A_WEEK) * (content.duration_weeks or WEEKS)
    return -(-doubled // 2)


def base_price(content):
    """J-3: the price by value alone."""
    value = value_of(content)
    if value is None:
        return UNKNOWN
    return next((connects for up_to, connects in TIERS if value <= up_to), ABOVE)


def price_of(content, proposals):
    """J-3: the price of the next proposal after this many; rounded up and capped."""
    return min(CAP, -(-base_price(content) * demand_percent(proposals) // 100))


def imported(post):
    """The content of a row of a file."""
    return Content(post.title, "", CATEGORIES[post.category], post.category, post.skills, post.payment,
                   post.budget, post.hourly_min, post.hourly_max, level=post.level)


def make_up(dice, number):
    """A new content; `number` makes its title unique."""
    title = f"{dice.choice(WORDS)} {dice.choice(WORDS)} of the season {number}"
    content = Content(
        title=title,
        description=f"We need {dice.choice(WORDS)} and {dice.choice(WORDS)}, by a developer who reads.",
        category=dice.choice(sorted(set(CATEGORIES.values()))),
        subcategory=dice.choice((None, "Customer Service", "Other")),
        skills=tuple(dice.sample(WORDS, dice.choice((0, 1, 2, 3)))),
        payment="FIXED",
        level=dice.choice((None, *LEVELS)),
        visibility="INVITE_ONLY" if dice.random() < 0.06 else "PUBLIC",
    )
    return with_terms(dice, content)


def with_terms(dice, content):
    """The content with other terms, and so maybe another price."""
    shape = dice.choices(("budget", "no budget", "rates", "one rate", "no rates"), (50, 5, 30, 5, 10))[0]
    plain = replace(content, payment="FIXED" if "budget" in shape else "HOURLY", budget=None, hourly_min=None,
                    hourly_max=None, weekly_hours=None, duration_weeks=None)
    if shape == "budget":
        return replace(plain, budget=dice.choice(BUDGETS))
    if shape == "rates":
        least = dice.randint(300, 6_000)
        return replace(plain, hourly_min=least, hourly_max=least + dice.randint(0, 4_000),
                       weekly_hours=dice.choice((None, 1, 10, 40)), duration_weeks=dice.choice((None, 1, 3, 12)))
    # If there is one rate, it is the greatest, so that the end of the range is clear.
    return replace(plain, hourly_max=dice.randint(300, 9_000)) if shape == "one rate" else plain


def with_words(dice, content, version):
    """The content with other words, and the same terms."""
    return replace(content, description=f"Edited {version} times: {dice.choice(WORDS)}, {dice.choice(WORDS)}.")


def search(dice):
    """A filter of `jobPosts`."""
    kinds = ("word", "words", "category", "connects", "budget", "hourly", "proposals", "client", "level")
    kind = dice.choices(kinds, (20, 15, 8, 8, 8, 6, 6, 6, 6))[0]
    if kind == "word":
        return {"text": dice.choice(ASKED)}
    if kind == "words":
        return {"text": f"{dice.choice(ASKED)}, {dice.choice(ASKED)}!"}
    if kind == "category":
        return {"categories": dice.sample(sorted(set(CATEGORIES.values())), 2),
                "payment": dice.choice(("FIXED", "HOURLY"))}
    if kind == "connects":
        least = dice.choice((2, 3, 6, 8, 9))
        return {"minConnects": least, "maxConnects": least + dice.choice((0, 1, 4)), "text": dice.choice(ASKED)}
    if kind == "budget":
        least = dice.choice(BUDGETS)
        return {"minBudget": money(least), "maxBudget": money(2 * least)}
    if kind == "hourly":
        return {"minHourly": money(dice.choice((3_000, 6_000, 9_000)))}
    if kind == "proposals":
        return {"maxProposals": dice.choice((0, 3, 19)), "text": dice.choice(ASKED)}
    if kind == "client":
        return {"minClientPosts": dice.choice((1, 60, 100)), "text": dice.choice(ASKED)}
    return {"experienceLevel": dice.choice(LEVELS), "text": dice.choice(ASKED)}
