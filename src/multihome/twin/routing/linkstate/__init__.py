"""What IS-IS and OSPF share: circuits, lsas, the shortest paths and the routes that follow."""
