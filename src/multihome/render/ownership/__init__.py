"""Whose statement is it: the record on the router, and what may be changed for the service's sake.

The unit is the statement, as in Cisco NSO's service ownership: what the service wrote is
service-owned, what was there before is device-owned, and a statement of several owners goes
with the last of them. Unlike there, the record is kept on the router itself.
"""
