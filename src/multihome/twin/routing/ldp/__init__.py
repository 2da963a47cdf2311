"""LDP (RFC 5036): sessions, label bindings, and the labelled routes that follow."""
