"""Looks after the project: the steps of `test`, and the slow and rare checks. Imports all but cli."""
