"""OSPF, as `show ospf` prints it."""
