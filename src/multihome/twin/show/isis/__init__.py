"""IS-IS as `show isis adjacency`, `interface`, `database` and `overview` print it."""
