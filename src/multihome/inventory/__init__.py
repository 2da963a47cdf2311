"""Who is out there: the project folder, Nornir's inventory, credentials, host keys."""
