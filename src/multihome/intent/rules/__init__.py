"""What must agree across an intent, beyond the form of each part.

Each rule is a generator of flaws; all of them run, so that a file can be fixed in one go.
"""
