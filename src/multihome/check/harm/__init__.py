"""No worse than found: what a change touches, what it may move, and what is harm.

Two rules, each in the docstring of its module: `touched` says when a check that was red before
the change counts against it, `declared` which differences between two snapshots follow from it.
"""
