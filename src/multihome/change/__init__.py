"""One change over many routers, all of it or none of it.

`transaction` is the whole; `phase` its steps as a table, `steps` what they do, made of
`router_operations` on one router. `journal`, `transaction` and `folder` keep on disk what is done, before
it is done. `recovery` finishes a run that did not finish itself.
"""
