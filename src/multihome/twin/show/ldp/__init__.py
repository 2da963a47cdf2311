"""LDP, as `show ldp` prints it."""
