"""The public verbs, one function each: the library behind the command line."""
