"""A network of Junos routers in memory. It shares values and errors with the rest, nothing else.

A configuration (`config`) becomes a router (`junos`), routers run (`routing`) in a network
(`network`, `fabric`) with one `clock`, and report their state (`views`, `show`) on request
(`netconf`, `server`). A `chassis` holds the routers that are one device.
"""
