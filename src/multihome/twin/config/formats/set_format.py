"""The set format: one command a line, as `load set` takes and `display set` shows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from multihome.twin.config.draft import move_value
from multihome.twin.config.formatting import head, quoted_values
from multihome.twin.config.grammar.junos import grammar
from multihome.twin.config.grammar.pattern import BadWord
from multihome.twin.config.grammar.statement import Kind
from multihome.twin.config.order import in_order
from multihome.twin.config.problem import Problem, warning
from multihome.twin.config.protection import Protected, refuse
from multihome.twin.config.resolve import Resolver, Step
from multihome.twin.config.wildcard_commands import Replacement, matching, spelled_out
from multihome.twin.config.words import UnbalancedQuote, Word, split

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from multihome.twin.config.cursor import Cursor
    from multihome.twin.config.draft import Draft
    from multihome.twin.config.grammar.statement import Statement
    from multihome.twin.config.tree import Node


_BLANKS = " \t\r\n"


def print_set(root: Node) -> str:
    """The whole tree as `set` lines, `deactivate` and `protect` lines behind what they mean.

    Comments have no place in this format: Junos drops them as well.
    """
    return "".join(f"{line}\n" for line in lines_of(root))


def lines_of(root: Node, statement: Statement | None = None, path: str = "") -> Iterator[str]:
    """The lines of what is below a node; `path` is put before each."""
    statement = statement or grammar()
    for node in in_order(root, statement):
        yield from _lines(node, statement.below(node.keyword), path)


def _lines(node: Node, statement: Statement, path: str) -> Iterator[str]:
    here = f"{path}{head(node, statement)}".rstrip()
    values = quoted_values(node, statement)
    if statement.value is not None and not node.key:
        yield from (f"set {here} {value}" for value in values)
    elif values or not len(node):
        listed = ("[", *values, "]") if statement.stray and len(values) > 1 else values
        yield " ".join(("set", here, *listed))
    yield from lines_of(node, statement, f"{here} ")
    if node.inactive:
        yield f"deactivate {here}"
    if node.protect:
        yield f"protect {here}"


@dataclass(slots=True)
class Commands:
    """Runs command lines against a draft; problems are collected, the rest goes on."""

    draft: Draft
    strict: bool = True
    loaded: bool = False
    """From a file, which may not hold every command that the prompt takes."""
    problems: list[Problem] = field(default_factory=list)
    _here: Cursor | None = None
    _trail: list[Cursor | None] = field(default_factory=list)
    """Where one stood before each `edit`."""

    def run(self, text: str) -> list[Problem]:
        """Run every line; what Junos would say of them."""
        pending = ""
        for line in text.split("\n"):
            command = f"{pending}\n{line}" if pending else line.strip(_BLANKS)
            pending = ""
            if not command or command.startswith("#"):
                continue
            try:
                commands = [split(each) for each in spelled_out(command)]
            except UnbalancedQuote:
                pending = command  # a value of several lines: the quote closes further on
                continue
            except BadWord as bad:
                self.problems.append(Problem(bad.message, element=bad.element))
                continue
            for words in commands:
                self._command(words)
        if pending:
            self.problems.append(Problem("unbalanced quotes", element=pending.split("\n")[0]))
        self.draft.prune(self._place)
        return self.problems

    def _command(self, words: list[Word]) -> None:
        try:
            if self.loaded and words and words[0] in _PROMPT_ONLY:
                raise BadWord(str(words[0]), "unknown command.")  # noqa: TRY301 - reported alike
            _command(words)(self, words[1:])
        except BadWord as bad:
            self.problems.append(Problem(bad.message, element=bad.element))
        except Protected as guarded:
            self.problems += guarded.problems

    # --- what a command works on -------------------------------------------------------

    @property
    def _place(self) -> Cursor:
        return self._here or self.draft.top

    def _steps(self, words: list[Word], *, locate: bool = True) -> list[Step]:
        resolver = Resolver(strict=self.strict, locate=locate)
        steps = resolver.read(self._place.statement, words)
        self.problems += [warning(f"unknown statement: {each}") for each in resolver.strangers]
        return steps

    def _found(self, words: list[Word]) -> tuple[Cursor, Cursor] | None:
        """The place that the words point at and the one that holds it; a warning if none."""
        found = self.draft.find(self._place, self._steps(words))
        if found is None or found.above is None:
            self._not_found()
            return None
        return found, found.above

    def _not_found(self) -> None:
        self.problems.append(warning("statement not found"))

    # --- the commands ------------------------------------------------------------------

    def _set(self, words: list[Word]) -> None:
        steps = self._steps(words, locate=False)
        if steps:
            self.draft.prune(self.draft.set(self._place, steps), self._place)

    def _delete(self, words: list[Word]) -> None:
        if not words:
            self._delete_here()
            return
        steps = self._steps(words)
        deleted = self.draft.delete(self._place, steps)
        if not deleted:
            self._not_found()

    def _delete_here(self) -> None:
        self.draft.take_out(self._place, self._place.node.children)

    def _wildcard(self, words: list[Word]) -> None:
        """`wildcard delete PATH PATTERN`: every statement at the path that matches."""
        *path, pattern = words[1:] or [""]
        if words[:1] != ["delete"] or not isinstance(pattern, str) or not pattern:
            raise BadWord("wildcard")
        steps = self._steps(path)
        open_list = steps and steps[-1].statement.kind is Kind.LIST and not steps[-1].key
        keyword = steps.pop().statement.keyword if open_list else ""
        holder = self.draft.find(self._place, steps)
        found = [] if holder is None else matching(holder.node, pattern, keyword)
        if holder is None or not found:
            self._not_found()
            return
        refuse(holder, "deleted")
        self.draft.take_out(holder, found)
        self.draft.prune(holder, self._place)

    def _replace(self, words: list[Word]) -> None:
        """`replace pattern OLD with NEW [upto N]`: from here down."""
        place = self._place.node
        place.arrange(Replacement([str(word) for word in words]).below(place))

    def _activate(self, words: list[Word]) -> None:
        if found := self._found(words):
            self._toggle(found[0], inactive=False)

    def _deactivate(self, words: list[Word]) -> None:
        if found := self._found(words):
            self._toggle(found[0], inactive=True)

    @staticmethod
    def _toggle(place: Cursor, *, inactive: bool) -> None:
        if place.node.inactive is not inactive:
            refuse(place, "changed")
            place.node.inactive = inactive

    def _protect(self, words: list[Word]) -> None:
        if found := self._found(words):
            found[0].node.protect = True

    def _unprotect(self, words: list[Word]) -> None:
        if found := self._found(words):
            found[0].node.protect = False

    def _annotate(self, words: list[Word]) -> None:
        comment = words[-1] if words else ""
        if found := self._found(words[:-1]):
            refuse(found[0], "changed")
            found[0].node.comment = str(comment) or None

    def _insert(self, words: list[Word]) -> None:
        place, relation, anchor = _parted(words, ("before", "after"))
        if not (found := self._found(place)):
            return
        node, holder = found[0].node, found[1]
        refuse(found[0], "changed")
        if found[0].statement.kind is Kind.LEAF_LIST:
            # `insert export NEW before OLD`: both are values of one statement.
            if not move_value(node, str(place[-1]), relation, " ".join(map(str, anchor))):
                self._not_found()
            return
        other = self._beside(holder, anchor, node)
        where = {"before": other.ident} if relation == "before" else {"after": other.ident}
        if not self.draft.move(holder, node.ident, **{"before": None, "after": None, **where}):
            self._not_found()

    def _rename(self, words: list[Word]) -> None:
        place, _, target = _parted(words, ("to",))
        if found := self._found(place):
            node, holder = found[0].node, found[1]
            refuse(found[0], "changed")
            new = self._beside(holder, target, node)
            if not self.draft.rename(holder, node.ident, new.ident):
                self.problems.append(Problem("statement already exists", element=new.key[0]))

    def _copy(self, words: list[Word]) -> None:
        place, _, target = _parted(words, ("to",))
        if found := self._found(place):
            node, holder = found[0].node, found[1]
            refuse(holder, "created", *map(str, target))
            copy = node.twin()
            copy.keyword, copy.key = self._beside(holder, target, node).ident
            self.draft.replace(holder, copy)

    def _beside(self, holder: Cursor, words: list[Word], node: Node) -> Step:
        """The entry of a list beside another one; nothing else has a name to change."""
        steps = Resolver(strict=self.strict).read(holder.statement, words)
        if len(steps) != 1 or steps[0].statement.keyword != node.keyword or not steps[0].key:
            raise BadWord(str(words[-1]) if words else "")
        return steps[0]

    def _edit(self, words: list[Word]) -> None:
        self._trail.append(self._here)
        self._here = self.draft.set(self._place, self._steps(words, locate=False))

    def _exit(self, _: list[Word]) -> None:
        """Back to where one stood before the last `edit`."""
        back = self._trail.pop() if self._trail else None
        self.draft.prune(self._place, back)
        self._here = back

    def _up(self, words: list[Word]) -> None:
        for _ in range(int(str(words[0])) if words else 1):
            here = self._place
            self.draft.prune(here, here.above)
            self._here = here.above

    def _top(self, words: list[Word]) -> None:
        self.draft.prune(self._place)
        self._here = None
        self._trail.clear()
        if words:
            _command(words)(self, words[1:])


def _command(words: list[Word]) -> Callable[[Commands, list[Word]], None]:
    verb = str(words[0]) if words else ""
    if verb not in _COMMANDS:
        raise BadWord(verb)
    return _COMMANDS[verb]


def _parted(words: list[Word], relations: tuple[str, ...]) -> tuple[list[Word], str, list[Word]]:
    for at in range(len(words) - 1, 0, -1):
        word = words[at]
        if isinstance(word, str) and word in relations:
            return words[:at], word, words[at + 1 :]
    raise BadWord(str(words[-1]) if words else "", "missing argument")


_PROMPT_ONLY = frozenset({"replace"})
_COMMANDS: dict[str, Callable[[Commands, list[Word]], None]] = {
    name: getattr(Commands, f"_{name}")
    for name in (
        "set",
        "delete",
        "activate",
        "deactivate",
        "protect",
        "unprotect",
        "annotate",
        "insert",
        "rename",
        "copy",
        "edit",
        "exit",
        "up",
        "top",
        "wildcard",
        "replace",
    )
}
