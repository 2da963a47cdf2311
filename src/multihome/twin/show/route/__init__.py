"""The routing tables: `show route` in all its forms."""
