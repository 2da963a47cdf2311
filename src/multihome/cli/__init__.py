"""Options in, exit code out: the `verbs`, what they share, and how their results are shown.

A verb imports what it runs where it runs it, so that `--help` and completion stay quick.
"""
