"""What routers must agree on, and how a change of it is cut into steps. Pure: no router is asked."""
