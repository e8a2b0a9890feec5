"""Lets the modules of the main job, and those of the affiliates' year, be imported from here, after this folder's own."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
MAIN_JOB, AFFILIATES = (os.path.join(HERE, os.pardir, name) for name in ("main_job", "affiliates"))

for place, folder in enumerate((MAIN_JOB, AFFILIATES), 1):
    if folder not in sys.path:
        # Before installed packages: there is one on PyPI called `graphql`, too.
        sys.path.insert(place, folder)
