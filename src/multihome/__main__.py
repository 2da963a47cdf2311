"""`python -m multihome`: the command line without the console script."""

from multihome.cli.app import main

main()
