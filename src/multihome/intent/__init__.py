"""What the operator wants: the service in its own words, per router, and what must then be true."""
