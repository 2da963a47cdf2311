"""The control plane of one router: tables, processes, policies, and what becomes of a packet.

`node` joins the parts; each protocol has a folder, and the same thing the same file name in each
(`process`, `pdu`, `views`); `host` is all that a process sees of the router around it.
"""
