"""Junos policies as FRR route-maps.

Each term becomes an entry for each of its alternatives; `on-match goto` leads from a match
to the next term, the next policy or the end, as the term says.  What protocol a route is
from travels in a large community that the last entry takes off again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING

from frr_statements import Untranslatable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from frr_statements import Statements

ORIGINS = {"static": "0:0:1", "direct": "0:0:2", "aggregate": "0:0:3", "bgp": "0:0:9"}
"""How a route says what protocol it is from."""
ADDRESSES = ("route-filter", "prefix-list", "prefix-list-filter")
DONE = "done"


@dataclass
class Entry:
    """One entry of a route-map, under a name until it gets a number."""

    label: str = ""
    matches: tuple[str, ...] = ()
    sets: list[str] = field(default_factory=list)
    goto: str = ""
    """The label where evaluation goes on; nothing: here it ends."""
    permit: bool = True


def render(name: str, entries: list[Entry]) -> Iterator[str]:
    """The route-map as FRR reads it."""
    numbers = {entry.label: place for place, entry in enumerate(entries, 1) if entry.label}
    for number, entry in enumerate(entries, 1):
        yield f"route-map {name} {'permit' if entry.permit else 'deny'} {number}"
        yield from (f" match {match}" for match in entry.matches)
        yield from (f" set {edit}" for edit in entry.sets)
        if entry.goto:
            yield f" on-match goto {numbers[entry.goto]}"


@dataclass(frozen=True)
class Chains:
    """The policies of one router, seen from one session of it."""

    options: Statements
    local: str
    peer: str

    def entries(
        self, chain: list[str], *, default: bool | None, finally_set: list[str]
    ) -> list[Entry]:
        """A chain; without a `default`, BGP routes are accepted and no others."""
        found: list[Entry] = []
        for place, name in enumerate(chain):
            found += self._policy(self.options.under("policy-statement", name), place)
        end = f"{len(chain)}/start"
        if default is None:
            found += [
                Entry(end, ("large-community from-bgp",), goto=DONE),
                Entry(permit=False),
            ]
        else:
            found.append(Entry(end, goto=DONE) if default else Entry(end, permit=False))
        return [*found, Entry(DONE, sets=finally_set)]

    def _policy(self, policy: Statements, place: int) -> list[Entry]:
        terms = [policy.under("term", name) for name in policy.names("term")]
        if policy.has("from") or policy.has("then"):
            terms.append(policy)
        onward = [f"{place}/{number}" for number in range(1, len(terms))]
        entries = [Entry(f"{place}/start", goto=f"{place}/0" if terms else f"{place + 1}/start")]
        for number, following in enumerate([*onward, f"{place + 1}/start"][: len(terms)]):
            entries += self._term(terms[number], f"{place}/{number}", following, place)
        return entries

    def _term(self, term: Statements, here: str, following: str, place: int) -> list[Entry]:
        then = term.under("then")
        sets = list(self._sets(then))
        goto, permit = _where(then, place, following)
        found = [
            Entry("", matches, sets, goto, permit)
            for matches in self._alternatives(term.under("from"))
        ]
        found[0].label = here
        return found

    # --- from ----------------------------------------------------------------------

    def _alternatives(self, conditions: Statements) -> Iterator[tuple[str, ...]]:
        kinds = [
            [self._match(keyword, name) for name in conditions.names(keyword)]
            for keyword in conditions.names()
            if keyword not in ADDRESSES
        ]
        if any(conditions.has(keyword) for keyword in ADDRESSES):
            kinds.append([f"ip address prefix-list {prefix_list_name(conditions)}"])
        yield from product(*kinds)

    def _match(self, keyword: str, name: str) -> str:
        if keyword == "protocol":
            return f"large-community from-{name}"
        if keyword == "community":
            extended = is_extended(self.options.names("community", name, "members"))
            return f"{'extcommunity' if extended else 'community'} {name}"
        if keyword in ("as-path", "metric", "local-preference", "origin"):
            return f"{keyword} {name}"
        raise Untranslatable(f"from {keyword}")

    # --- then ----------------------------------------------------------------------

    def _sets(self, then: Statements) -> Iterator[str]:
        for keyword in then.names():
            if keyword not in ("accept", "reject", "next"):
                yield from (self._edit(keyword, words) for words in then.phrases(keyword))

    def _edit(self, keyword: str, words: tuple[str, ...]) -> str:
        if keyword in ("metric", "local-preference"):
            sign = {"add": "+", "subtract": "-"}.get(words[0], "")
            return f"{keyword} {sign}{words[-1]}"
        if keyword == "as-path-prepend":
            return f"as-path prepend {words[0]}"
        if keyword == "origin":
            return f"origin {words[0]}"
        if keyword == "next-hop":
            known = {"self": self.local, "peer-address": self.peer}
            return f"ip next-hop {known.get(words[0], words[0])}"
        if keyword == "community":
            return self._community(*words)
        raise Untranslatable(f"then {keyword}")

    def _community(self, how: str, name: str) -> str:
        members = self.options.names("community", name, "members")
        if how == "delete":
            return f"comm-list {name} delete"
        if is_extended(members):
            kind, _, value = members[0].partition(":")
            return f"extcommunity {'soo' if kind == 'origin' else 'rt'} {value}"
        return f"community {' '.join(members)}{' additive' if how == 'add' else ''}"


def _where(then: Statements, place: int, following: str) -> tuple[str, bool]:
    if then.has("accept"):
        return DONE, True
    if then.has("reject"):
        return "", False
    return (f"{place + 1}/start" if then.has("next", "policy") else following), True


# --- the lists that matches name ------------------------------------------------------


def lists(options: Statements) -> Iterator[str]:
    """Everything route-maps of this router may name."""
    for word, value in ORIGINS.items():
        yield f"bgp large-community-list standard from-{word} permit {value}"
        yield f"bgp large-community-list standard any-origin permit {value}"
    for name in options.names("community"):
        members = options.names("community", name, "members")
        if is_extended(members):
            words = (f"{'soo' if m[0] == 'o' else 'rt'} {m.partition(':')[2]}" for m in members)
            yield f"bgp extcommunity-list standard {name} permit {' '.join(words)}"
        elif any("*" in member for member in members):
            [member] = members
            yield f"bgp community-list expanded {name} permit _{member.replace('*', '[0-9]+')}_"
        else:
            yield f"bgp community-list standard {name} permit {' '.join(members)}"
    for name in options.names("as-path"):
        pattern = _as_path(options.value("as-path", name) or "")
        yield f"bgp as-path access-list {name} permit {pattern}"
    for conditions in _conditions(options):
        yield from _prefix_list(conditions, options)


def _conditions(options: Statements) -> Iterator[Statements]:
    for name in options.names("policy-statement"):
        policy = options.under("policy-statement", name)
        for term in [policy, *(policy.under("term", one) for one in policy.names("term"))]:
            if any(term.has("from", keyword) for keyword in ADDRESSES):
                yield term.under("from")


def _as_path(expression: str) -> str:
    """Each AS number with the separator or the end behind it; `_` is either."""
    letters = []
    for word in expression.replace("()", "").split():
        number, operator = (word[:-1], word[-1]) if word[-1] in "*+?" else (word, "")
        letter = "[0-9]+_" if number == "." else f"{number}_"
        letters.append(f"({letter}){operator}" if operator else letter)
    return f"^{''.join(letters)}$"


def prefix_list_name(conditions: Statements) -> str:
    """The same name for the same conditions."""
    words = ["_".join(line) for line in conditions.lines if line[0] in ADDRESSES]
    return "-".join(words).replace("/", ".")


def _prefix_list(conditions: Statements, options: Statements) -> Iterator[str]:
    """Prefix lists; then route filters, of which the longest that covers alone is asked."""
    lines: list[str] = []
    for name in conditions.names("prefix-list"):
        lines += [f"permit {prefix}" for prefix in _listed(options, name)]
    for name, match in conditions.phrases("prefix-list-filter"):
        lines += [f"permit {_range(prefix, match, '')}" for prefix in _listed(options, name)]
    filters: dict[str, list[tuple[str, str]]] = {}
    for prefix, match, *argument in conditions.phrases("route-filter"):
        filters.setdefault(prefix, []).append((match, argument[0] if argument else ""))
    for prefix in sorted(filters, key=lambda one: -_length(one)):
        lines += [f"permit {_range(prefix, *one)}" for one in filters[prefix]]
        lines.append(f"deny {_range(prefix, 'orlonger', '')}")
    name = prefix_list_name(conditions)
    for number, line in enumerate(dict.fromkeys(lines), 1):
        yield f"ip prefix-list {name} seq {number} {line}"


def _listed(options: Statements, name: str) -> list[str]:
    return [word for word in options.names("prefix-list", name) if "/" in word]


def _range(prefix: str, match: str, argument: str) -> str:
    length = _length(prefix)
    low, high = length, length
    if match in ("orlonger", "longer"):
        low, high = length + (match == "longer"), 32
    elif match == "upto":
        high = int(argument.strip("/"))
    elif match == "prefix-length-range":
        low, high = (int(one.strip("/")) for one in argument.split("-"))
    bounds = (f" ge {low}" if low > length else "") + (f" le {high}" if high > length else "")
    return prefix + bounds


def _length(prefix: str) -> int:
    return int(prefix.partition("/")[2])


def is_extended(members: Iterable[str]) -> bool:
    """Whether a community is one of RFC 4360."""
    return any(member.startswith(("origin:", "target:")) for member in members)
