"""What IS-IS and OSPF share: circuits, adverts, the shortest paths and the routes that follow."""
