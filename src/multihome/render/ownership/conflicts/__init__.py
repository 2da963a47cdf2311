"""Which foreign statements contradict, override or alter ours: a table of kinds, and its reading."""
