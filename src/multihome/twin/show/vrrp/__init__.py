"""VRRP as `show vrrp` prints it, at every level of detail."""
