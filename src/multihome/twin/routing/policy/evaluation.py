"""Policies applied to routes: conditions compiled to predicates once, actions to edits.

A chain is walked policy by policy and term by term; the first accept or reject ends it,
and what no term decides falls to the default of the protocol that asks.

Source: Junos OS Routing Policies User Guide, "How a Routing Policy Is Evaluated".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.junos.policy import (
    Both,
    Disposition,
    Either,
    Expression,
    Name,
    Not,
    Policies,
    parse_expression,
)
from multihome.twin.routing.policy.actions import compile_actions
from multihome.twin.routing.policy.conditions import (
    compile_conditions,
    compile_destination,
    filter_matcher,
    list_matchers,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from multihome.twin.junos.policy import Actions, Policy, Term
    from multihome.twin.routing.policy.subject import Subject

_FINAL = (Disposition.ACCEPT, Disposition.REJECT)


class Engine:
    """The policies of one router, ready to run; compiled when first used."""

    def __init__(self, policies: Policies | None) -> None:
        self.policies = policies or Policies()
        self._compiled: dict[str, Callable[[Subject], Disposition | None]] = {}

    def accepts(self, chain: Iterable[str], subject: Subject, *, default: bool) -> bool:
        """Run a chain over the subject, which the actions edit; whether it is accepted."""
        for element in chain:
            outcome = self._element(element)(subject)
            if outcome is not None:
                return outcome is Disposition.ACCEPT
        if subject.default is not None:
            return subject.default is Disposition.ACCEPT
        return default

    def _element(self, text: str) -> Callable[[Subject], Disposition | None]:
        decide = self._compiled.get(text)
        if decide is None:
            try:
                decide = self._expression(parse_expression(text))
            except ValueError:
                decide = _undecided  # The commit check has said so.
            self._compiled[text] = decide
        return decide

    def _expression(self, expression: Expression) -> Callable[[Subject], Disposition | None]:
        match expression:
            case Name(name):
                policy = self.policies.statements.get(name)
                return _undecided if policy is None else self._policy(policy)
            case Not(term):
                return _negation(self._expression(term))
            case Both(left, right):
                return _pair(self._expression(left), self._expression(right), Disposition.REJECT)
            case Either(left, right):
                return _pair(self._expression(left), self._expression(right), Disposition.ACCEPT)

    def _policy(self, policy: Policy) -> Callable[[Subject], Disposition | None]:
        terms = tuple(self._term(term) for term in policy.terms)

        def decide(subject: Subject) -> Disposition | None:
            for run in terms:
                outcome = run(subject)
                if outcome in _FINAL:
                    return outcome
                if outcome is Disposition.NEXT_POLICY:
                    return None
            return None

        return decide

    def _term(self, term: Term) -> Callable[[Subject], Disposition | None]:
        conditions = (
            *compile_conditions(term.conditions, self.policies),
            *compile_destination(term.to, self.policies),
        )
        act = self._actions(term)
        routines = term.conditions.policies

        def decide(subject: Subject) -> Disposition | None:
            for holds in conditions:
                if not holds(subject):
                    return None
            # A subroutine that decides nothing gives the protocol's default.
            if routines and not all(
                self.accepts((name,), subject, default=subject.accepted_by_default)
                for name in routines
            ):
                return None
            return act(subject)

        return decide

    def _actions(self, term: Term) -> Callable[[Subject], Disposition | None]:
        """The term's actions, or those of the filter that matched, if it has any."""
        usual = self._run(term.actions)
        filters = term.conditions.route_filters
        special = {one: self._run(one.actions) for one in filters if one.actions is not None}
        listed = [
            (matches, self._run(one.actions))
            for one in term.conditions.prefix_list_filters
            if one.actions is not None
            for matches in list_matchers(one, self.policies.prefix_lists)
        ]
        if not (special or listed):
            return usual
        matching = filter_matcher(filters)

        def act(subject: Subject) -> Disposition | None:
            matched = matching(subject.prefix)
            if matched is not None:
                return special.get(matched, usual)(subject)
            found = (run for matches, run in listed if matches(subject.prefix))
            return next(found, usual)(subject)

        return act

    def _run(self, actions: Actions) -> Callable[[Subject], Disposition | None]:
        edits = compile_actions(actions, self.policies)
        disposition, default = actions.disposition, actions.default

        def run(subject: Subject) -> Disposition | None:
            for edit in edits:
                edit(subject)
            if default is not None:
                subject.default = default
            return disposition

        return run


def _undecided(_: Subject) -> Disposition | None:
    return None


def _negation(
    decide: Callable[[Subject], Disposition | None],
) -> Callable[[Subject], Disposition | None]:
    opposite = {
        Disposition.ACCEPT: Disposition.REJECT,
        Disposition.REJECT: Disposition.ACCEPT,
        None: None,
    }
    return lambda subject: opposite[decide(subject)]


def _pair(
    left: Callable[[Subject], Disposition | None],
    right: Callable[[Subject], Disposition | None],
    settles: Disposition,
) -> Callable[[Subject], Disposition | None]:
    """`&&` is settled by a reject, `||` by an accept; otherwise the right side decides."""

    def decide(subject: Subject) -> Disposition | None:
        outcome = left(subject)
        if outcome is settles:
            return outcome
        return right(subject) or outcome

    return decide
