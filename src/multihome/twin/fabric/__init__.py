"""What lies between routers: wires, light, reach, packets on their way, and what is broken of it."""
