"""The system and its configuration's history, as `show system` prints them."""
