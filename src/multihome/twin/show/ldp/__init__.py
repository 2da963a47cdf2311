"""LDP, as `show ldp` tells it."""
