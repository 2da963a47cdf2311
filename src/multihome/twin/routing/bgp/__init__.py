"""BGP-4 (RFC 4271) with L3VPN (RFC 4364) and route reflection (RFC 4456), as Junos runs it.

alarm       a timer that can be set again
messages    what speakers say to each other
fsm         the state machine, as a table
handshake   what two speakers check of each other
reach       the way to a peer
connection  one end of one TCP connection
peer        one configured neighbour: its connections, timers and what it sent
speaker     what a peer needs of the process it belongs to
limits      how many prefixes a peer may send
adj_rib_in  routes from a peer into the tables
adj_rib_out routes from the tables to the peers, worked out once per group
groups      which peer is in which group
export      which route a group is offered
attributes  what becomes of the path attributes on the way out
process     the speaker: configuration, sessions, settling
config      what another configuration means for a session
views       what `show bgp` prints
"""
