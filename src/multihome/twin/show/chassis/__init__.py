"""The chassis and its cards, as `show chassis` tells them."""
