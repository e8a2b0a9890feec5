"""Lets the modules of the main job and of the money story be imported from here, after this folder's own."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))

for name in ("money", "main_job"):
    folder = os.path.join(HERE, os.pardir, name)
    if folder not in sys.path:
        # Before installed packages: there is one on PyPI called `graphql`, too.
        sys.path.insert(1, folder)
