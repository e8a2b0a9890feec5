"""Lets the modules of the main job be imported from here, after this folder's own."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(HERE, os.pardir, "main_job")

if FOLDER not in sys.path:
    # Before installed packages: there is one on PyPI called `graphql`, too.
    sys.path.insert(1, FOLDER)
