"""Rows of job posts, and what clients make of them."""

import paths  # noqa: F401  # pylint: disable=unused-import

import contextlib
import io
import random
import unittest

import rows
from posts import HEADER, parse


class Rows(unittest.TestCase):
    """Worked examples."""

    def test_terms(self):
        """Milestones come to the budget, and rates lie within what the post says."""
        lines = [",".join(HEADER), "Logo,FIXED,,,1000.00,EXPERT,Design & Creative,Logo Design;SVG",
                 "Bot,HOURLY,3.00,4.50,,,\"Web, Mobile & Software Dev\",", "Tiny,FIXED,,,5.00,EXPERT,Customer Service,"]
        logo, bot, tiny = parse(lines)
        for seed in range(50):
            dice = random.Random(seed)
            parts = rows.parts(logo, dice)
            self.assertEqual((sum(parts), min(parts) >= 500), (100_000, True))
            self.assertEqual(rows.parts(tiny, dice), [500])
            self.assertIn(rows.rate(bot, dice), range(300, 451))
        content = rows.content(logo, 2)
        self.assertEqual((content["category"], content["budget"], content["hiresWanted"]), ("DESIGN", {"amount": "1000.00"}, 2))
        self.assertIn("You know Logo Design, SVG.", content["description"])
        self.assertEqual((rows.content(bot, 1)["hourlyMax"], rows.content(bot, 1)["skills"]), ({"amount": "4.50"}, []))

    def test_no_file(self):
        """Without the file, some posts are made up, and that is said."""
        with contextlib.redirect_stderr(io.StringIO()) as said:
            self.assertEqual(len(rows.read("/nowhere/posts.csv")), rows.INVENTED)
        self.assertIn("made up", said.getvalue())


if __name__ == "__main__":
    unittest.main()
