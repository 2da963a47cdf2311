"""Which statements there are, with which keys and values: schema files, and what reads them."""
