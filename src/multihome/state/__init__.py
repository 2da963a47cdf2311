"""What routers say: for each subject the frozen table, its strict parser, and the RPC that it needs.

A `query` joins a `request` with its parser; `reply` is how parsers read.
"""
