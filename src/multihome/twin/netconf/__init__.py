"""NETCONF as Junos speaks it (RFC 6241, RFC 6242): sessions and their operations, without I/O."""
