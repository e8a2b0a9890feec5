"""Lets the modules of the main job, of affiliates and of money be imported from here, after this folder's own."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDERS = [os.path.join(HERE, os.pardir, name) for name in ("main_job", "affiliates", "money")]

for place, folder in enumerate(FOLDERS, 1):
    if folder not in sys.path:
        # Before installed packages: there is one on PyPI called `graphql`, too.
        sys.path.insert(place, folder)
