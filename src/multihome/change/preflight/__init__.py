"""The looks before a change, which change nothing: what would differ, and whether now is a good time."""
