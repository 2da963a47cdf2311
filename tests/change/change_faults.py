"""What can go wrong with any request to a router, and a change to try it with."""

from change_memory import Killed, Trouble, World, freeze

from multihome.change.change_request import Order
from multihome.change.folder import RunFolder
from multihome.change.transaction import transact
from multihome.change.verification import Patience, Proof, Verified

NAMES = ("ceres", "juno", "luna")
BASE = "set system host-name %s\nset policy-options policy-statement keep-me then accept\n"
OLD = "set policy-options policy-statement ours term old then reject"
NEW = "set policy-options policy-statement ours term new then reject"
FOREIGN = "set system domain-name somebody.else\n"
SCRIPT = f"delete policy-options policy-statement ours\n{NEW}\n"


def failing(stage):
    """Proven until all routers run it, and then not: so that undoing is a part of every case."""
    return Verified(Proof.FAILED if stage.final else Proof.PROVEN, "as this test wants it")


def transaction(world, runs, verify):
    order = Order(
        dict.fromkeys(NAMES, SCRIPT),
        (("ceres",), ("juno", "luna")),
        patience=Patience(limit=5, interval=1),
    )
    folder = RunFolder.create(runs, "apply")
    with world.fleet() as fleet:
        try:
            return folder, transact(fleet, folder, order, verify, stop=world.stop)
        except Killed:
            return folder, None


def asked(verify, runs):
    """What a transaction asks each router when nothing goes wrong."""
    world = World(NAMES, BASE + OLD + "\n")
    transaction(world, runs, verify)
    return [
        (name, operation, nth)
        for name, router in world.routers.items()
        for operation, count in router.calls.items()
        for nth in range(1, count + 1)
    ]


def lock(router):
    router.other_user()


def commit(router):
    router.other_user(FOREIGN)


def seize(router):
    router.intruder(statements=FOREIGN)


def check(router):
    router.intruder(check_only=True)


def undo(router):
    if router.database.pending is not None:  # afterwards it is nobody's business but theirs
        router.intruder(undo=True)


FAULTS = {
    "cut before": Trouble("", "before cut"),
    "cut after": Trouble("", "after cut"),
    "unnoticed cut before": Trouble("", "before zombie"),
    "unnoticed cut after": Trouble("", "after zombie"),
    "late": Trouble("", "after late"),
    "never": Trouble("", "before late"),
    "garbage before": Trouble("", "before garbage"),
    "garbage after": Trouble("", "after garbage"),
    "refused": Trouble("", "before refuse"),
    "frozen a moment": Trouble("", "before late", act=freeze(20)),
    "frozen after": Trouble("", "after late", act=freeze(100)),
    "frozen for good": Trouble("", "before late", act=freeze(100_000)),
    "frozen for good after": Trouble("", "after late", act=freeze(100_000)),
    "somebody locks": Trouble("", "before", act=lock),
    "somebody commits": Trouble("", "before", act=commit),
    "somebody commits, cut": Trouble("", "after cut", act=commit),
    "somebody ends our session, commits": Trouble("", "before cut", act=seize),
    "somebody ends our session after it, commits": Trouble("", "after cut", act=seize),
    "somebody ends our session, checks": Trouble("", "before cut", act=check),
    "somebody ends our session after it, checks": Trouble("", "after cut", act=check),
    "somebody ends our session, rolls back": Trouble("", "before cut", act=undo),
    "somebody ends our session after it, rolls back": Trouble("", "after cut", act=undo),
    "killed before": Trouble("", "before kill"),
    "killed after": Trouble("", "after kill"),
}


def case(world, place, fault):
    name, operation, nth = place
    template = FAULTS[fault]
    world.routers[name].troubles.append(Trouble(operation, template.kind, nth, template.act))


def holds(router):
    """Which of the two configurations a router has; an assertion if it is neither."""
    text = router.configuration
    assert "keep-me" in text
    assert (OLD in text) != (NEW in text), f"{router.name} holds a mixture: {text}"
    return "new" if NEW in text else "old"
