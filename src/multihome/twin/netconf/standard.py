"""The base protocol's operations on the configuration (RFC 6241 sections 7 and 8).

Junos has one candidate, and commits it; it takes no edits of `running`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.config.problem import Problem, syntax_error
from multihome.twin.netconf import configuration, monitoring
from multihome.twin.netconf.commit import cancel_commit, commit, validate
from multihome.twin.netconf.messages import Refused, child, name_of, rpc_error, text_of
from multihome.twin.netconf.printing import Stamp, configuration_body

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lxml.etree import _Element

    from multihome.twin.config.formats.xml_reader import Operation as EditOperation
    from multihome.twin.config.load import Action
    from multihome.twin.config.tree import Node
    from multihome.twin.netconf.exchange import Exchange, Operation

_DEFAULTS: Mapping[str, EditOperation] = {"merge": "merge", "replace": "replace", "none": "none"}
_ERROR_OPTIONS = ("stop-on-error", "continue-on-error", "rollback-on-error")
_TEST_OPTIONS = ("test-then-set", "set", "test-only")


def get_config(exchange: Exchange, rpc: _Element) -> str:
    """`get-config` (section 7.1); also in Junos's other formats, by the attribute `format`."""
    source = _datastore(rpc, "source")
    if source not in {"running", "candidate"}:
        raise Refused(syntax_error(source))
    return _data(exchange, rpc, committed=source == "running")


def get(exchange: Exchange, rpc: _Element) -> str:
    """`get` (section 7.7): the configuration, or the server's own state by name."""
    state = monitoring.asked_for(child(rpc, "filter"))
    if state is not None:
        return exchange.style.element("data", monitoring.netconf_state(exchange, state))
    return _data(exchange, rpc, committed=True)


def edit_config(exchange: Exchange, rpc: _Element) -> str:
    """`edit-config` (section 7.2) of the candidate."""
    _candidate(rpc, "target")
    default = _DEFAULTS.get(text_of(rpc, "default-operation", "merge"))
    error_option = text_of(rpc, "error-option", "stop-on-error")
    test_option = text_of(rpc, "test-option", "test-then-set")
    if default is None or error_option not in _ERROR_OPTIONS or test_option not in _TEST_OPTIONS:
        raise Refused(syntax_error("edit-config"))
    host = exchange.host
    config = child(rpc, "config")
    if config is not None:
        outcome = host.database.edit(
            exchange.session,
            config,
            host.now(),
            default=default,
            error_option=error_option,
            test_only=test_option == "test-only",
        )
        return _edited(exchange, outcome.problems)
    _without_url(rpc)
    text = _text(rpc)
    action: Action = "replace" if default == "replace" else "merge"
    problems = host.database.load(
        exchange.session, text, host.now(), format="text", action=action
    ).problems
    return _edited(exchange, problems)


def copy_config(exchange: Exchange, rpc: _Element) -> str:
    """`copy-config` (section 7.3) to the candidate, from `running` or from what is given."""
    _candidate(rpc, "target")
    source = child(rpc, "source")
    host = exchange.host
    given = child(source, "config") if source is not None else None
    if given is None:
        _without_url(source)
        if _datastore(rpc, "source") != "running":
            raise Refused(syntax_error(_datastore(rpc, "source")))
        _granted(host.database.discard(exchange.session, host.now()))
        return exchange.style.ok
    problems = host.database.load(
        exchange.session, given, host.now(), format="xml", action="override"
    ).problems
    return _edited(exchange, problems)


def delete_config(exchange: Exchange, rpc: _Element) -> str:
    """`delete-config` (section 7.4): Junos lets the candidate be emptied."""
    _candidate(rpc, "target")
    host = exchange.host
    problems = host.database.load(
        exchange.session, "", host.now(), format="text", action="override"
    ).problems
    return _edited(exchange, problems)


def lock(exchange: Exchange, rpc: _Element) -> str:
    """`lock` (section 7.5) of the candidate."""
    _candidate(rpc, "target")
    return configuration.lock_configuration(exchange, rpc)


def unlock(exchange: Exchange, rpc: _Element) -> str:
    """`unlock` (section 7.6) of the candidate."""
    _candidate(rpc, "target")
    return configuration.unlock_configuration(exchange, rpc)


def discard_changes(exchange: Exchange, _: _Element) -> str:
    """`discard-changes` (section 8.3.4.2)."""
    host = exchange.host
    _granted(host.database.discard(exchange.session, host.now()))
    return exchange.style.ok


def validate_source(exchange: Exchange, rpc: _Element) -> str:
    """`validate` (section 8.6.4.1) of the candidate."""
    _candidate(rpc, "source")
    return validate(exchange, rpc)


def _data(exchange: Exchange, rpc: _Element, *, committed: bool) -> str:
    host, style = exchange.host, exchange.style
    source = configuration.source_of(committed=committed)
    root = configuration.as_asked(host.database.configuration(exchange.session, source), rpc)
    root = _selected(root, child(rpc, "filter"))
    if not len(root) and style.compliant:
        return style.element("data", "")
    stamp = Stamp.of(host.database, committed=committed)
    form = rpc.get("format", "xml").lower()
    return style.element("data", configuration_body(style, root, form, stamp))


def _selected(root: Node, chosen: _Element | None) -> Node:
    """What a subtree filter leaves; a path is one of state models, which there are not.

    PyEZ's `rpc.get()` asks for everything by such a filter without a path.
    """
    if chosen is None or (chosen.get("type") == "xpath" and len(chosen.attrib) == 1):
        return root
    if chosen.get("type", "subtree") != "subtree":
        raise Refused(syntax_error("filter"))
    return configuration.part_of(root, chosen)


def _without_url(holder: _Element | None) -> None:
    """The capability `url` (section 8.8); raises Refused if the data are to come from one."""
    url = None if holder is None else child(holder, "url")
    if url is not None:
        raise Refused(configuration.unreachable((url.text or "").strip()))


def _text(rpc: _Element) -> str:
    """Junos's `config-text`, which holds `configuration-text`."""
    holder = child(rpc, "config-text")
    text = None if holder is None else child(holder, "configuration-text")
    if text is None:
        raise Refused(
            Problem(
                "missing mandatory argument: config",
                element="config",
                tag="missing-element",
                type="application",
            )
        )
    return text.text or ""


def _edited(exchange: Exchange, problems: Sequence[Problem]) -> str:
    """Errors, or `ok` behind the warnings, which a compliant session is spared."""
    style = exchange.style
    if any(problem.severity == "error" for problem in problems):
        raise Refused(*problems)
    warnings = "" if style.compliant else "".join(rpc_error(style, each) for each in problems)
    return warnings + style.ok


def _datastore(rpc: _Element, role: str) -> str:
    """The name of the source or target; raises Refused if there is none."""
    holder = child(rpc, role)
    if holder is None or len(holder) == 0:
        raise Refused(
            Problem(
                f"missing mandatory argument: {role}",
                element=role,
                tag="missing-element",
                type="application",
            )
        )
    return name_of(holder[0])


def _candidate(rpc: _Element, role: str) -> None:
    name = _datastore(rpc, role)
    if name != "candidate":
        raise Refused(syntax_error(name))


def _granted(problem: Problem | None) -> None:
    if problem is not None:
        raise Refused(problem)


OPERATIONS: Mapping[str, Operation] = {
    "get-config": get_config,
    "get": get,
    "get-schema": monitoring.get_schema,
    "edit-config": edit_config,
    "copy-config": copy_config,
    "delete-config": delete_config,
    "lock": lock,
    "unlock": unlock,
    "discard-changes": discard_changes,
    "validate": validate_source,
    "commit": commit,
    "cancel-commit": cancel_commit,
}
