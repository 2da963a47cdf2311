"""What can be expected of neighbours: sessions of BGP, LDP and BFD, adjacencies of IGPs."""

from typing import Annotated, ClassVar, Literal

from pydantic import StrictBool, StrictStr

from multihome.intent.matcher import Address, ExactAddress, Number, Text, among
from multihome.intent.statement import Expectation, Names, Statement
from multihome.state import bfd, bgp, isis, ldp, ospf


class PrefixCounts(Statement):
    """Prefix counts of a BGP session in one table."""

    received: Number | None = None
    """Before import policy."""
    accepted: Number | None = None
    """After import policy."""
    active: Number | None = None
    """Those in use."""
    suppressed: Number | None = None
    """Those held back by damping."""
    advertised: Number | None = None
    """Those sent to the neighbour."""


class BgpSession(Expectation):
    """One BGP neighbour."""

    about: ClassVar[tuple[str, ...]] = ("peer", "instance")

    check: Literal["bgp-session"] = "bgp-session"
    peer: ExactAddress
    """The neighbour's address."""
    instance: StrictStr | None = None
    """`master` or a routing instance; left out: whichever has the peer."""
    state: Annotated[Text, among(bgp.STATES)] = "Established"
    """`Established`, `Active`, `Idle`, ..."""
    absent: StrictBool | None = None
    """True: no such neighbour is configured; nothing else is looked at."""
    down: StrictBool | None = None
    """True: in no way established, be it trying, idle or not even configured."""
    type: Text | None = None
    """`External` or `Internal`."""
    group: Text | None = None
    """The group it is configured in."""
    peer_as: Number | None = None
    """The neighbour's AS number."""
    local_as: Number | None = None
    """The AS number that the neighbour sees."""
    local_address: Address | None = None
    """The router's end of the connection."""
    peer_id: Address | None = None
    """The neighbour's router ID."""
    description: Text | None = None
    """As configured."""
    hold_time: Number | None = None
    """Negotiated, in seconds."""
    options: Names | None = None
    """At least these, in the router's words: `AuthKey`, `LogUpDown`, `Passive`."""
    flaps: Number | None = None
    """How often it went down since the counter was cleared."""
    authentication: StrictBool | None = None
    """Whether its messages are signed."""
    families: Names | None = None
    """Negotiated address families: `inet-unicast`, `inet-vpn-unicast`."""
    import_policies: tuple[StrictStr, ...] | None = None
    """Exactly these, in this order."""
    export_policies: tuple[StrictStr, ...] | None = None
    """Exactly these, in this order."""
    bfd: Text | None = None
    """Operational state of its BFD session: `up` or `down`."""
    last_error: Text | None = None
    """The last error of the session; `None` if there was none."""
    tables: dict[StrictStr, PrefixCounts] | None = None
    """Prefix counts by table."""

    @property
    def asserted(self) -> dict[str, object]:
        """Every attribute asserted; of a session that must not be there, nothing but that."""
        wanted = super().asserted
        return {"down": True} if self.down else {"absent": True} if self.absent else wanted


class IsisAdjacency(Expectation):
    """One IS-IS adjacency."""

    about: ClassVar[tuple[str, ...]] = ("interface", "neighbor")

    check: Literal["isis-adjacency"] = "isis-adjacency"
    interface: StrictStr
    """The logical interface."""
    neighbor: StrictStr | None = None
    """The neighbour's system name; left out: any."""
    state: Annotated[Text, among(isis.STATES)] = "Up"
    """`Up`, `Down`, `Initializing`, ..."""
    isis_level: Number | None = None
    """1 or 2; 3 means both on a point-to-point link."""
    transitions: Number | None = None
    """How often its state changed."""
    address: Address | None = None
    """The neighbour's interface address."""


class OspfNeighbor(Expectation):
    """One OSPF neighbour."""

    about: ClassVar[tuple[str, ...]] = ("interface", "neighbor", "instance")

    check: Literal["ospf-neighbor"] = "ospf-neighbor"
    interface: StrictStr
    """The logical interface."""
    neighbor: ExactAddress
    """The neighbour's interface address."""
    instance: StrictStr | None = None
    """The routing instance; left out: the main one."""
    state: Annotated[Text, among(ospf.STATES)] = "Full"
    """`Full`, `2Way`, ..."""
    router_id: Address | None = None
    """The neighbour's."""
    priority: Number | None = None
    """The neighbour's, to become designated router."""


class LdpSession(Expectation):
    """One LDP session."""

    about: ClassVar[tuple[str, ...]] = ("neighbor",)

    check: Literal["ldp-session"] = "ldp-session"
    neighbor: ExactAddress
    """The neighbour's transport address."""
    state: Annotated[Text, among(ldp.STATES)] = "Operational"
    """`Operational`, `Nonexistent`, ..."""
    connection: Annotated[Text, among(ldp.CONNECTIONS)] | None = None
    """`Open`, `Opening` or `Closed`."""
    authentication: StrictBool | None = None
    """Whether its TCP connection is signed."""
    hold_time: Number | None = None
    """Negotiated, in seconds."""


class Bfd(Expectation):
    """One BFD session."""

    about: ClassVar[tuple[str, ...]] = ("neighbor", "interface")

    check: Literal["bfd"] = "bfd"
    neighbor: ExactAddress
    """The neighbour's address."""
    interface: StrictStr | None = None
    """The logical interface; left out: any, or several hops away."""
    state: Annotated[Text, among(bfd.STATES)] = "Up"
    """`Up`, `Down`, `Init`, `AdminDown`."""
    detection_time: Number | None = None
    """After how many seconds of silence the neighbour is given up."""
    interval: Number | None = None
    """Between two packets sent, in seconds."""
    multiplier: Number | None = None
    """How many missed packets are too many."""
    clients: Names | None = None
    """At least these: `BGP`, `ISIS`."""
