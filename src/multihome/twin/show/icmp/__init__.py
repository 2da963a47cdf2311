"""`ping` and `traceroute`."""
