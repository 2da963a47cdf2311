"""The steps of a transaction, each on all routers at once: prepare, commit, confirm, or restore."""
