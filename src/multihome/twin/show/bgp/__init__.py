"""BGP as `show bgp summary`, `neighbor` and `group` print it."""
