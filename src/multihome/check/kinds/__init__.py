"""The kinds of checks there are: what each asserts, and of which table."""
