"""The statement tree: what a Junos configuration is made of.

Any module may read a tree, and only `multihome.twin.config` changes one: trees that
were handed out are shared (candidate, committed, history), so an edit copies the path it
touches and leaves the rest in place.

How statements are stored, beyond the obvious:

- An entry of a list carries its identifiers in `key`: `group CPE` is `("group", ("CPE",))`.
  Where Junos writes no keyword the XML element's name is the keyword: `interfaces ge-0/0/0`
  is `("interface", ("ge-0/0/0",))` below `interfaces`, `routing-instances V` is
  `("instance", ("V",))`, an address in a prefix-list `("prefix-list-item", (P,))`.
- `groups G` and `logical-systems L` are entries at the top: `("groups", ("G",))`.
- A statement with one value, several values or a phrase keeps them in `values`:
  `metric-out igp 5` has `("igp", "5")`, `then metric add 10` has `("add", "10")`.
- `from route-filter P upto /24` has the key `(P, "upto", "/24")`; `then community add X` has
  the key `("add", "X")`; `from prefix-list-filter L orlonger` has `("L", "orlonger")`.
- A flag (`passive`) and an empty container (`family iso`) have neither values nor children.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

Key = tuple[str, ...]
Ident = tuple[str, Key]
"""What distinguishes siblings: keyword and key."""


class Node:
    """One statement; the root has an empty keyword."""

    __slots__ = (
        *("_children", "comment", "inactive", "key", "keyword"),
        *("origin", "owner", "protect", "values"),
    )

    def __init__(self, keyword: str = "", key: Key = (), values: tuple[str, ...] = ()) -> None:
        self.keyword = keyword
        self.key = key
        self.values = values
        self.inactive = False
        self.protect = False
        self.comment: str | None = None
        self.origin = ""
        """The group that it was inherited from, or `interface-range NAME`; empty if configured."""
        self.owner: object = None
        """The draft that may still change this node in place; None once it is shared."""
        self._children: dict[Ident, Node] | None = None

    @property
    def ident(self) -> Ident:
        """Keyword and key, unique among siblings."""
        return self.keyword, self.key

    @property
    def name(self) -> str:
        """The first identifier, or an empty string."""
        return self.key[0] if self.key else ""

    @property
    def children(self) -> tuple[Node, ...]:
        """The statements below, in the order in which they were first given."""
        return tuple(self._children.values()) if self._children else ()

    def __bool__(self) -> bool:
        return True

    def __len__(self) -> int:
        return len(self._children) if self._children else 0

    def __repr__(self) -> str:
        words = " ".join((self.keyword, *self.key, *self.values)) or "root"
        return f"<{'inactive ' if self.inactive else ''}{words} +{len(self)}>"

    def child(self, keyword: str, key: Key = ()) -> Node | None:
        """The statement directly below with this keyword and key."""
        return self._children.get((keyword, key)) if self._children else None

    def get(self, *steps: str | tuple[str, str | Key]) -> Node | None:
        """Descend: a step is a keyword, or a keyword with the key of a list's entry.

        `root.get("interfaces", ("interface", "lo0"), ("unit", "0"))`
        """
        node: Node | None = self
        for step in steps:
            if node is None:
                return None
            if isinstance(step, str):
                node = node.child(step)
            else:
                keyword, key = step
                node = node.child(keyword, (key,) if isinstance(key, str) else key)
        return node

    def has(self, *steps: str | tuple[str, str | Key]) -> bool:
        """Whether the statement is there."""
        return self.get(*steps) is not None

    def entries(self, keyword: str) -> Iterator[Node]:
        """The list's entries, in order; also any other repeated or single statement."""
        if self._children:
            for (word, _), node in self._children.items():
                if word == keyword:
                    yield node

    def leaf(self, keyword: str, default: str | None = None) -> str | None:
        """The first value of a statement directly below, or the default."""
        node = self.child(keyword)
        return node.values[0] if node is not None and node.values else default

    def leaves(self, keyword: str) -> tuple[str, ...]:
        """Every value of a leaf or leaf-list, or the names of a list's entries."""
        node = self.child(keyword)
        if node is not None:
            return node.values
        return tuple(entry.name for entry in self.entries(keyword))

    # --- building, for this package only ---------------------------------------------

    def put(self, node: Node) -> Node:
        """Set a statement below, in the place of one with the same keyword and key."""
        if self._children is None:
            self._children = {}
        self._children[node.keyword, node.key] = node
        return node

    def drop(self, ident: Ident) -> None:
        """Take a statement out; nothing happens if it is not there."""
        if self._children is not None:
            self._children.pop(ident, None)

    def arrange(self, nodes: list[Node]) -> None:
        """Set all statements below at once, in this order."""
        self._children = {node.ident: node for node in nodes} or None

    def twin(self, owner: object = None) -> Node:
        """A copy of this statement that shares what is below it."""
        copy = Node(self.keyword, self.key, self.values)
        copy.inactive, copy.protect, copy.comment = self.inactive, self.protect, self.comment
        copy.origin, copy.owner = self.origin, owner
        copy._children = dict(self._children) if self._children else None
        return copy


def same(left: Node, right: Node) -> bool:
    """Whether two trees say the same, order and annotations included."""
    if left is right:
        return True
    if len(left) != len(right) or not same_head(left, right):
        return False
    return all(map(same, left.children, right.children))


def same_head(left: Node, right: Node) -> bool:
    """Whether two statements are equal but for what is below them."""
    return (
        left.values == right.values
        and left.inactive == right.inactive
        and left.ident == right.ident
        and left.comment == right.comment
        and left.protect == right.protect
    )
