"""One change over many routers, all of it or none of it, and what is known of it afterwards.

`transaction` is the whole; `phase` its steps as a table; `prepare`, `commit`, `confirm` and
`restore` its parts, made of `moves` on one router. `journal`, `board` and `folder` keep on disk
what is done; `ledger`, `status`, `standing`, `recover` and `mend` read it again, and the routers.
"""
