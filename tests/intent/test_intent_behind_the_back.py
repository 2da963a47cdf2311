"""Whatever another hand does to a router's part of the service, `verify` or `plan` finds it.

Statements of the rendered configuration of all routers are deleted, changed, deactivated or
contradicted, one at a time, by a generator that is seeded. `verify` looks at what routers say and
do, `plan` at their configurations; what only `plan` finds is printed with the reason.
"""

import random
import re
from collections import Counter
from datetime import UTC, datetime

import pytest
from intent_rig import SECRETS, Rig
from test_intent_mutated_configuration import otherwise, reason

from multihome.inventory.project import default_project
from multihome.render.render import render
from multihome.twin.config.formats.set_format import print_set

SAMPLE, ALL = 20, 200
SEED = 20
UNSEEN = {
    "description": "a text for people",
    "deactivate": "what stands there has no effect while nothing fails, or is the default too",
    "add": "the value in force is the same, or nothing meets it while nothing fails",
    "delete": "the default is the same, or nothing meets it while nothing fails",
    "change": "the other end decides, or nothing meets it while nothing fails",
}


class Recorded(Rig):
    """Routers that also hold the record of what is ours, as after an apply."""

    def __init__(self, intent):
        super().__init__(intent)
        self.rendered = {
            name: render(default_project(), intent, name, SECRETS) for name in intent.routers
        }
        for name in intent.routers:
            script = self.rendered[name].changes(self.configuration(name)).script
            kept = self.lines[name]
            record = [line for line in script.splitlines() if line not in kept]
            assert all("apply-macro" in line for line in record), record
            self.lines[name] = (*kept, *record)
        self.mend(intent.routers)

    def configuration(self, name):
        return print_set(self.chassis[name].database.committed)

    def planned(self, name):
        """What `plan` makes of the router: what it would do, or must be decided, or lists."""
        found = self.rendered[name].changes(self.configuration(name))
        if found.touches:
            return "would change"
        if found.conflicts or found.unjudged:
            return "conflict"
        return "not ours" if found.foreign else ""


@pytest.fixture(scope="module")
def rig(intent):
    made = Recorded(intent)
    assert not made.result().failures
    assert {made.planned(name) for name in made.lines} == {""}
    return made


def statements(rig, name):
    return [line for line in rig.lines[name] if "apply-macro" not in line]


def additions(line):
    """Foreign statements beside one of ours that override, contradict or switch it off."""
    rules = (
        (r"set (interfaces \S+ unit \d+) vlan-id .*", ["{0} disable"]),
        (r"set (interfaces .* vrrp-group \d+) priority .*", ["{0} no-preempt", "{0} advertise-interval 3"]),
        (r"set (.*protocols bgp group \S+) type .*", ["{0} hold-time 33", "{0} authentication-key other"]),
        (r"set (.*protocols bgp group \S+ neighbor \S+)( .*)?", ["{0} hold-time 33", "{0} authentication-key other", "{0} import FOREIGN"]),
        (r"set (.*)routing-options static route (\S+) next-hop .*", ["{0}routing-options static route {1} preference 250", "{0}routing-options static route {1} discard"]),
        (r"set protocols isis interface (\S+) point-to-point", ["protocols isis interface {0} level 2 metric 777", "protocols isis interface {0} disable"]),
        (r"set protocols ldp interface ([^l]\S+)", ["protocols ldp interface {0} disable"]),
        (r"set policy-options policy-statement (\S+) then accept", ["policy-options policy-statement {0} term first then reject"]),
        (r"set policy-options policy-statement (\S+) term (\S+) then accept", ["policy-options policy-statement {0} term {1} then local-preference 7"]),
    )  # fmt: skip
    for pattern, forms in rules:
        if found := re.fullmatch(pattern, line):
            parts = [part or "" for part in found.groups()]
            yield from (form.format(*parts) for form in forms)


FOREIGN = "set policy-options policy-statement FOREIGN then reject"


def mutations(rig, rng):
    """Endless: router, kind, what is done in words, and the lines that it makes."""
    kinds = {"delete": deleted, "change": changed, "deactivate": deactivated, "add": added}
    names = sorted(rig.lines)
    while True:
        name, kind = rng.choice(names), rng.choice(sorted(kinds))
        line = rng.choice(statements(rig, name))
        if (made := kinds[kind](rig, name, line, rng)) is not None:
            yield name, kind, *made


def deleted(rig, name, line, _rng):
    return line, [each for each in rig.lines[name] if each != line]


def changed(rig, name, line, _rng):
    new = otherwise(line)
    return (new, [new if each == line else each for each in rig.lines[name]]) if new else None


def deactivated(rig, name, line, rng):
    """Ours, or a container around it: as much of its path as the router takes."""
    words = line.split()[1:]
    for length in range(rng.randint(2, len(words)), len(words) + 1):
        command = f"deactivate {' '.join(words[:length])}"
        lines = [*rig.lines[name], command]
        if not rig.problems(name, lines):
            return command, lines
    return None


def added(rig, name, line, rng):
    forms = list(additions(line))
    if not forms:
        return None
    new = f"set {rng.choice(forms)}"
    more = [FOREIGN, new] if "FOREIGN" in new else [new]
    return new, [*rig.lines[name], *more]


def find(rig, name, lines):
    """Whether `verify` finds it, and what `plan` makes of it."""
    rig.configure(name, lines)
    try:
        planned = rig.planned(name)
        return bool(rig.result().failures), planned
    finally:
        rig.mend([name])


def why_unseen(kind, text):
    if " description " in text:
        return UNSEEN["description"]
    sign = {"delete": "-", "change": "~"}.get(kind)
    return (reason(f"{sign} {text.removeprefix('set ')}") if sign else None) or UNSEEN[kind]


def tried(rig, count, seed):
    """Try so many mutations; print what only `plan` finds, and return what neither does."""
    rng, seen, missed, only = random.Random(seed), Counter(), [], []
    for name, kind, text, lines in mutations(rig, rng):
        verified, planned = find(rig, name, lines)
        found = verified or planned in ("would change", "conflict") or (planned and kind != "add")
        seen[kind, verified] += 1
        if not found:
            missed.append(f"{name}: {kind}: {text} (plan: {planned or 'nothing'})")
        elif not verified:
            only.append(f"{name}: {kind}: {text}: {why_unseen(kind, text)}")
        if seen.total() == count:
            break
    print(f"\nseed {seed}: {dict(seen)}; found by plan alone, {len(only)} of {count}:")
    print("\n".join(only))
    return missed


@pytest.mark.timeout(900)
def test_a_sample_of_mutations_is_found(rig):
    assert tried(rig, SAMPLE, SEED) == []


@pytest.mark.deep
@pytest.mark.timeout(3600)
def test_two_hundred_mutations_are_found(rig):
    assert tried(rig, ALL, datetime.now(UTC).toordinal()) == []
