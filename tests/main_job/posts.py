"""Job posts in a file: reads the file, and makes one if there is none."""

import csv
import io
import random
from dataclasses import dataclass
from decimal import Decimal

from agreement import Disagreement

HEADER = ["title", "type", "hourly_min", "hourly_max", "budget", "experience_level", "category", "skills"]
LEVELS = {"ENTRY_LEVEL": "ENTRY", "INTERMEDIATE": "INTERMEDIATE", "EXPERT": "EXPERT"}
CATEGORIES = ["Web, Mobile & Software Dev", "Design & Creative", "Sales & Marketing",
              "Data Science & Analytics", "Admin & Data Entry", "Writing & Translation", "Customer Service"]
WORDS = ["Python", "Rust", "Logo", "Shop", "API", "Données", "Übersetzung", "Scraper", "Video", "\"Quick\" fix",
         "App, mobile", "Dashboard", "SEO", "Chatbot", "Migration", "Landing page", "🚀 Launch"]
SKILLS = ["Python", "Web Design", "Node.js", "C++", "SQL", "Copywriting", "Excel", "WordPress", "CI/CD"]


@dataclass(frozen=True)
class Post:
    """A post's own fields, with amounts in cents; they identify it on any database."""

    title: str
    payment: str
    hourly_min: int | None
    hourly_max: int | None
    budget: int | None
    level: str | None
    category: str
    skills: tuple


def cents(text):
    """An amount in cents; `None` for an empty field."""
    if text in ("", None):
        return None
    amount = Decimal(str(text)) * 100
    if amount != int(amount):
        raise ValueError(f"{text} is finer than a cent")
    return int(amount)


def parse(lines):
    """The posts of a CSV with `HEADER`, in its order; no two are equal."""
    reader = csv.DictReader(lines)
    if reader.fieldnames != HEADER:
        raise SystemExit(f"the file's header is {reader.fieldnames}, not {HEADER}")
    read = [_post(row) for row in reader]
    if len(set(read)) != len(read):
        raise SystemExit("the file has the same row twice; the plan needs rows that differ")
    return read


def _post(row):
    skills = tuple(skill.strip() for skill in row["skills"].split(";") if skill.strip())
    return Post(
        title=row["title"].strip(),
        payment=row["type"],
        hourly_min=cents(row["hourly_min"]),
        hourly_max=cents(row["hourly_max"]),
        budget=cents(row["budget"]),
        level=LEVELS.get(row["experience_level"]),
        category=row["category"],
        skills=skills,
    )


def generate(seed, count):
    """The text of a made-up file of the same shape, always the same for a seed."""
    dice = random.Random(f"{seed}/posts")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    for number in range(1, count + 1):
        writer.writerow(_made_up(dice, number))
    return text.getvalue()


def _made_up(dice, number):
    title = f"{dice.choice(WORDS)} {dice.choice(WORDS)} no. {number}"
    shape = dice.choices(["budget", "rates", "no rates"], [42, 38, 20])[0]
    low = high = budget = ""
    if shape == "budget":
        # Also around the edges of the price's tiers.
        budget = f"{dice.choice([5, 50, 50.01, 150, 600, 600.01, 1500, 3000, 3000.01, 20_000]):.2f}"
    elif shape == "rates":
        least = dice.randint(3, 60)
        low, high = f"{least}.00", f"{least + dice.randint(0, 40)}.50"
    skills = ";".join(dice.sample(SKILLS, dice.choice([0, 1, 2, 3, 5])))
    kind = "FIXED" if shape == "budget" else "HOURLY"
    return [title, kind, low, high, budget, dice.choice(list(LEVELS)), dice.choice(CATEGORIES), skills]


def from_server(node):
    """The post behind a `JobPost` of the API."""
    rates = node["hourlyRange"] or {"min": None, "max": None}
    money = [node["budget"], rates["min"], rates["max"]]
    if any(amount and amount["currencyCode"] != "USD" for amount in money):
        raise Disagreement(f"post {node['title']!r} is not in USD: {money}")
    budget, low, high = (amount and cents(amount["amount"]) for amount in money)
    return Post(node["title"], node["payment"], low, high, budget, node["experienceLevel"],
                node["subcategory"], tuple(node["skills"]))
