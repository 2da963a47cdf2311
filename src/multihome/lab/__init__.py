"""The twin as a place to practise: a background process that virtual routers live in."""
