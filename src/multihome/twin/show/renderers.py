"""Every module that answers RPCs or prints answers; importing them is what registers them."""

from __future__ import annotations

from multihome.twin.show import (
    bfd,
    files,
    idle,
    instance,
    keychain,
    link_layer,
    lldp,
    mpls,
    policy,
    words,
)
from multihome.twin.show.bgp import clear as bgp_clear
from multihome.twin.show.bgp import group as bgp_group
from multihome.twin.show.bgp import group_text as bgp_group_text
from multihome.twin.show.bgp import neighbor as bgp_neighbor
from multihome.twin.show.bgp import summary as bgp_summary
from multihome.twin.show.bgp import text as bgp_text
from multihome.twin.show.chassis import cards, inventory, optics
from multihome.twin.show.chassis import health as chassis
from multihome.twin.show.icmp import ping, traceroute
from multihome.twin.show.interface import show as interface
from multihome.twin.show.isis import adjacency as isis_adjacency
from multihome.twin.show.isis import database as isis_database
from multihome.twin.show.isis import hostname as isis_hostname
from multihome.twin.show.isis import interface as isis_interface
from multihome.twin.show.isis import overview as isis_overview
from multihome.twin.show.ldp import database as ldp
from multihome.twin.show.ldp import interface as ldp_interface
from multihome.twin.show.ldp import overview as ldp_overview
from multihome.twin.show.ldp import session as ldp_session
from multihome.twin.show.ospf import database as ospf_database
from multihome.twin.show.ospf import database_text as ospf_database_text
from multihome.twin.show.ospf import interface as ospf_interface
from multihome.twin.show.ospf import neighbor as ospf_neighbor
from multihome.twin.show.ospf import overview as ospf_overview
from multihome.twin.show.ospf import route as ospf_route
from multihome.twin.show.route import forwarding
from multihome.twin.show.route import show as route
from multihome.twin.show.route import summary as route_summary
from multihome.twin.show.route import text as route_text
from multihome.twin.show.system import commits, processes, uptime
from multihome.twin.show.system import information as system
from multihome.twin.show.vrrp import groups as vrrp_groups
from multihome.twin.show.vrrp import text as vrrp_text
from multihome.twin.show.vrrp import track as vrrp_track

RENDERERS = (
    *(bfd, cards, chassis, commits, files, idle, instance, inventory, keychain, ldp),
    *(ldp_interface, ldp_overview, ldp_session, mpls),
    *(link_layer, lldp, optics, ping, policy, processes, system, traceroute, uptime, words),
    *(bgp_clear, bgp_group, bgp_group_text, bgp_neighbor, bgp_summary, bgp_text, interface),
    *(isis_adjacency, isis_database, isis_hostname, isis_interface, isis_overview),
    *(ospf_database, ospf_database_text, ospf_interface),
    *(ospf_neighbor, ospf_overview, ospf_route),
    *(forwarding, route, route_summary, route_text),
    *(vrrp_groups, vrrp_text, vrrp_track),
)
