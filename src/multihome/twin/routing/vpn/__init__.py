"""Layer 3 VPNs of a provider edge (RFC 4364)."""
