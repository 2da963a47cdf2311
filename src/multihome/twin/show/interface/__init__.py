"""Interfaces, physical and logical, as `show interfaces` tells of them."""
