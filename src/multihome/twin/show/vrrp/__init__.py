"""VRRP as `show vrrp` tells it, at every level of detail."""
