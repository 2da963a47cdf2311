"""Running configurations -> inventory and intent: the way back from a network that exists."""
