"""Many routers at once: Nornir's runner and tasks, one session each, an outcome for every one."""
