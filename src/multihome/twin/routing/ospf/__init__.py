"""OSPF (RFC 2328), area 0: what `linkstate` does not do for IS-IS as well."""
