"""BFD (RFC 5880): sessions, and the protocols that they speak for."""
