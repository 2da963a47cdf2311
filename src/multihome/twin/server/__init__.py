"""The only code that waits: SSH servers on the loopback, and real time turned into the network's."""
