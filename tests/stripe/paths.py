"""Lets the modules of the main job be imported from here, after this folder's own."""

import os
import sys

MAIN_JOB = os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "main_job")

if MAIN_JOB not in sys.path:
    # Before installed packages: there is one on PyPI called `graphql`, too.
    sys.path.insert(1, MAIN_JOB)
