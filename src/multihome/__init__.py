"""Change and prove a multihomed Juniper network without fear."""
