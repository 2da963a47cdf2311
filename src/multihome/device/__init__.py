"""One router, one session: the only room that speaks to PyEZ, ncclient and paramiko.

`session` is the Protocol that the other rooms know; `pyez` is it over PyEZ, `recorded` on disk.
"""
