"""What a router says when it is asked: an RPC or a command in, XML, JSON or text out.

Each renderer is found by its RPC's tag (`registry`); a subject is a file or a folder named as the
command is. `device` is all that a renderer sees of the router.
"""
