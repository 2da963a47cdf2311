"""Options in, exit code out: the verbs by the moment they are for, and how they are shown.

A verb imports what it runs where it runs it, so that `--help` and completion stay quick.
"""
