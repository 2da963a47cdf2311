"""Interfaces, physical and logical, as `show interfaces` prints them."""
