"""Every module that answers RPCs; importing them is what registers them."""

from __future__ import annotations

from multihome.twin.show.route import show as route
from multihome.twin.show.route import text as route_text

RENDERERS = (route, route_text)
