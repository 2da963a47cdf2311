"""A run on three routers, each of them in any state in which a run can leave one."""

from change_faults import BASE, NAMES, OLD, SCRIPT
from change_memory import World, freeze

from multihome.change.commit_comment import CommitComment
from multihome.change.fingerprint import fingerprint
from multihome.change.folder import RunFolder
from multihome.change.router_status import RouterStatus

ELSEWHERE = "set system domain-name another.example\n"
WITHIN = "delete policy-options policy-statement ours\n"


class Stage:
    """The world, and the run's folder with a journal that knows both configurations."""

    def __init__(self, runs, states):
        self.world = World(NAMES, BASE + OLD + "\n")
        self.folder = RunFolder.create(runs, "apply")
        self.mark = CommitComment(self.folder.run)
        self._write()
        for router, state in zip(self.world.routers.values(), states, strict=True):
            STATES[state][1](self, router)

    def _write(self):
        journal = self.folder.journal
        batches = [["ceres"], ["juno", "luna"]]
        journal.write("run", "note", text="a run", routers=list(NAMES), batches=batches, lease=300)
        for name, router in self.world.routers.items():
            session = router.open()
            session.lock()
            before = fingerprint(session)
            session.load(SCRIPT)
            after = fingerprint(session, candidate=True)
            session.close()
            journal.write("look", "note", [name], before=before)
            journal.write("compare", "note", [name], after=after, changed=True)

    def commit(self, router, comment, seconds=None, statements=""):
        session = router.open()
        session.lock()
        if statements:
            session.load(statements)
        if seconds is None:
            session.commit(comment=comment)
        else:
            session.commit_confirmed(seconds=seconds, comment=comment)
        session.close()


def untouched(_stage, _router):
    pass


def candidate_left(stage, router):
    """By a session that is lost, and that the router has not missed yet."""
    session = router.open()
    session.lock()
    session.load(SCRIPT)
    session.alive = False
    stage.folder.journal.write("session", "note", [router.name], session=session.identity)


def pending(stage, router):
    stage.commit(router, stage.mark.comment("apply"), 600, SCRIPT)


def confirmed(stage, router):
    pending(stage, router)
    stage.commit(router, stage.mark.comment("confirm"))


def rolled_back(stage, router):
    pending(stage, router)
    router.database.cancel(router.time.now)


def undone_within(stage, router):
    """Confirmed, and on top of it commits of this tool that left no net change."""
    confirmed(stage, router)
    drill = CommitComment("d0d0d0")
    stage.commit(router, drill.comment("drill"), 600, ELSEWHERE)
    router.database.cancel(router.time.now)


def astray(stage, router):
    """Undone, and a commit script there changed what was committed."""
    confirmed(stage, router)
    script = f"{WITHIN}{OLD}\nset system domain-name by-script.example\n"
    stage.commit(router, stage.mark.comment("rollback"), statements=script)


def foreign_elsewhere(stage, router):
    confirmed(stage, router)
    router.other_user(ELSEWHERE)


def foreign_within(stage, router):
    confirmed(stage, router)
    router.other_user(WITHIN)


def other_pending(stage, router):
    confirmed(stage, router)
    stage.commit(router, "by hand", 600, ELSEWHERE)


def silent(_stage, router):
    freeze(100_000)(router)


STATES = {
    "untouched": (RouterStatus.UNTOUCHED, untouched),
    "candidate left": (RouterStatus.CANDIDATE_LEFT, candidate_left),
    "pending": (RouterStatus.PENDING, pending),
    "confirmed": (RouterStatus.CONFIRMED, confirmed),
    "rolled back": (RouterStatus.ROLLED_BACK, rolled_back),
    "confirmed, then a drill": (RouterStatus.CONFIRMED, undone_within),
    "astray": (RouterStatus.ASTRAY, astray),
    "foreign elsewhere": (RouterStatus.FOREIGN, foreign_elsewhere),
    "foreign within": (RouterStatus.FOREIGN, foreign_within),
    "other pending": (RouterStatus.OTHER_PENDING, other_pending),
    "silent": (None, silent),
}
"""Name to the state that must be seen, and how a router gets there."""
