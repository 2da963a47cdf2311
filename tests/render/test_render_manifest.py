"""What a router remembers as ours, and what goes when the intent lets go of it."""

from collections.abc import Callable

import pytest

from multihome.errors import UsageError
from multihome.render.rendered import Rendered, manifest, withdrawn

Render = Callable[..., Rendered]


def committed(rendered: Rendered) -> str:
    """A router's whole configuration: ours, and what others put there."""
    others = ["set system host-name luna", "set snmp location attic"]
    return "\n".join([*others, *rendered.statements])


@pytest.mark.parametrize("logical_system", [None, "Luna"])
def test_a_router_lists_what_is_ours(rendered: Render, logical_system: str | None):
    luna = rendered("luna", logical_system)
    assert manifest(committed(luna), logical_system) == luna.owned


def test_a_router_without_the_service_lists_nothing(rendered: Render):
    assert manifest("set system host-name luna\n") == ()
    assert manifest(committed(rendered("luna")), "Luna") == ()


@pytest.mark.parametrize("logical_system", [None, "Luna"])
def test_a_second_time_there_is_nothing_to_remove(rendered: Render, logical_system: str | None):
    luna = rendered("luna", logical_system)
    assert luna.after(committed(luna)) == luna


@pytest.mark.parametrize("logical_system", [None, "Luna"])
def test_what_left_the_intent_leaves_the_router(rendered: Render, logical_system: str | None):
    prefix = f"logical-systems {logical_system} " if logical_system else ""
    luna = rendered("luna", logical_system)
    before = committed(luna) + (
        f"\nset {prefix}interfaces xe-2/0/0 unit 7 vlan-id 7"
        f'\nset {prefix}apply-macro multihome 99 "interfaces xe-2/0/0 unit 7"\n'
    )
    script = luna.after(before).load_script.splitlines()
    assert script[0] == f"delete {prefix}interfaces xe-2/0/0 unit 7"
    assert script.count(script[0]) == 1


def test_the_way_of_loading_is_deletions_then_statements(rendered: Render):
    luna = rendered("luna")
    script = luna.load_script.splitlines()
    assert script == [*(f"delete {path}" for path in luna.owned), *luna.statements]


def test_a_router_that_leaves_loses_everything_of_ours_and_nothing_else(rendered: Render):
    luna = rendered("luna")
    script = withdrawn("luna").after(committed(luna)).load_script.splitlines()
    assert set(script) == {f"delete {path}" for path in luna.owned}


@pytest.mark.parametrize(
    "path",
    [
        "system",
        "interfaces",
        "interfaces xe-2/0/0",
        "protocols",
        "protocols bgp",
        "snmp",
        "routing-options",
        "",
    ],
)
def test_a_list_that_claims_what_this_tool_never_makes_is_not_followed(rendered: Render, path: str):
    forged = f'set apply-macro multihome 1 "{path}"\n'
    with pytest.raises(UsageError, match="which this tool does not own"):
        rendered("luna").after(forged)
