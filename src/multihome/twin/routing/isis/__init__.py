"""IS-IS (ISO 10589, RFC 1195), as far as `linkstate` does not do it for OSPF as well."""
