"""VRRP (RFC 3768, RFC 5798): groups, elections, tracking."""
