"""A network of Junos routers in memory. It shares values and errors with the rest, nothing else.

A configuration (`config`) becomes a router (`junos`), routers run (`routing`) in a network
(`network`, `fabric`) with one `clock`, and say how they are (`views`, `show`) to whoever asks
(`netconf`, `server`). A `chassis` holds the routers that are one device.
"""
