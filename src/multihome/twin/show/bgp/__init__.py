"""BGP as `show bgp summary`, `neighbor` and `group` tell it."""
