"""The chassis and its cards, as `show chassis` prints them."""
