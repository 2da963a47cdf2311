"""Expectations against what routers say: findings, verdicts, and the causes behind failures.

`kinds` holds the checks by subject, `examples` one catalogue entry of each, `why` the causes.
"""
