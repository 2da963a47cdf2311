"""Policies at work: what a term asks of a route, and what it makes of it."""
