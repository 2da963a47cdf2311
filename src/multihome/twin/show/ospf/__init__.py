"""OSPF, as `show ospf` tells it."""
