import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from multihome.errors import InvalidFile, UnknownName, UsageError
from multihome.inventory.credentials import Credentials, credentials
from multihome.inventory.project import Project, default_project
from multihome.inventory.role import Role
from multihome.inventory.target import Target
from multihome.inventory.targets import load_targets, read_inventory, select

PASSWORD = SecretStr("open sesame")


def test_what_nornir_reads_becomes_a_target(folder: Project):
    targets = load_targets(folder, Credentials("joe", PASSWORD, None, Path("known")))
    assert targets["three"] == Target(
        name="three",
        host="chassis.example.net",
        username="joe",
        port=2830,
        password=PASSWORD,
        known_hosts=Path("known"),
        logical_system="Three",
        role=Role.CPE,
        groups=("cpe",),
    )


def test_a_role_comes_through_a_group_of_a_group(folder: Project):
    assert read_inventory(folder).roles["two"] is Role.PE


def test_the_inventory_names_a_user_where_the_operator_does_not(folder: Project):
    assert load_targets(folder, Credentials())["two"].username == "ops"
    assert load_targets(folder, Credentials("joe"))["two"].username == "joe"


def test_a_wrong_file_is_found_before_nornir_reads_it(folder: Project):
    folder.hosts.write_text("one: {hostnam: x}\n")
    with pytest.raises(InvalidFile, match=r"hosts.yaml:1: one.hostnam: unknown key"):
        load_targets(folder, Credentials("joe"))


def test_an_overlay_moves_its_routers_and_hides_the_others(folder: Project):
    overlay = {
        "one": {"host": "127.0.0.1", "port": 4001, "username": "lab", "password": PASSWORD},
        "stranger": {"host": "127.0.0.1", "port": 4002, "username": "lab"},
    }
    targets = load_targets(folder, Credentials("joe"), overlay=overlay)
    assert list(targets) == ["one", "stranger"]
    assert (targets["one"].port, targets["one"].username, targets["one"].role) == (
        4001,
        "lab",
        Role.PE,
    )
    assert targets["stranger"].role is None


def test_a_target_never_shows_its_password(folder: Project):
    assert "sesame" not in repr(load_targets(folder, Credentials("joe", PASSWORD)))


@pytest.mark.parametrize(
    ("limit", "names"),
    [
        ([], ["one", "two", "three"]),
        (["two"], ["two"]),
        (["pe"], ["one", "two"]),
        (["east"], ["two"]),
        (["three", "one"], ["one", "three"]),
    ],
)
def test_a_limit_is_a_router_a_group_or_a_role(folder: Project, limit: list[str], names: list[str]):
    assert list(select(load_targets(folder, Credentials("joe")), limit)) == names


def test_a_limit_that_nothing_is_called_is_an_error(folder: Project):
    with pytest.raises(UnknownName, match="'on'; known: cpe, east, one, pe, three, two"):
        select(load_targets(folder, Credentials("joe")), ["one", "on"])


def test_a_name_is_answered_with_the_nearest_and_never_with_a_thousand():
    said = str(UnknownName("router", "pe0710x", [f"pe{n:04}" for n in range(1000)]))
    assert said.startswith("unknown router 'pe0710x'; known: pe0000, pe0001, ")
    assert "and 970 more; did you mean 'pe0710'?" in said


def test_the_default_inventory_has_the_fifteen_routers_of_the_lab():
    roles = read_inventory(default_project()).roles
    assert [list(roles.values()).count(role) for role in Role] == [4, 4, 6, 1]


def test_nornir_is_imported_only_when_an_inventory_is_read():
    code = "import multihome.inventory.targets, sys; sys.exit('nornir' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# --- credentials -----------------------------------------------------------------


def test_credentials_come_from_the_environment(tmp_path: Path):
    key = tmp_path / "id"
    key.touch()
    environ = {
        "MULTIHOME_USERNAME": "joe",
        "MULTIHOME_PASSWORD": "open sesame",
        "MULTIHOME_KEY": str(key),
        "MULTIHOME_KNOWN_HOSTS": "/known",
    }
    assert credentials(environ) == Credentials("joe", PASSWORD, key, Path("/known"))


def test_an_option_comes_before_the_environment():
    assert credentials({"MULTIHOME_USERNAME": "joe"}, username="ann").username == "ann"


def test_a_prompt_is_shown_only_where_nothing_else_is_given():
    asked: list[str] = []

    def ask(words: str) -> str:
        asked.append(words)
        return "typed"

    assert credentials({"MULTIHOME_PASSWORD": "x"}, ask=ask).password == SecretStr("x")
    assert not asked
    assert credentials({}, ask=ask).password == SecretStr("typed")
    assert len(asked) == 1


def test_without_anything_the_agent_is_left():
    found = credentials({})
    assert (found.password, found.key_file) == (None, None)
    assert found.known_hosts == Path("~/.ssh/known_hosts").expanduser()


def test_a_key_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(UsageError, match="absent does not exist"):
        credentials({"MULTIHOME_KEY": str(tmp_path / "absent")})


@given(st.text(min_size=4).filter(lambda text: text not in repr(Credentials())))
def test_no_password_is_ever_in_a_repr(password: str):
    assert password not in repr(credentials({"MULTIHOME_PASSWORD": password}))


def test_a_host_name_that_differs_on_purpose_comes_from_a_host_or_its_groups(folder: Project):
    hosts = folder.hosts.read_text()
    folder.hosts.write_text(
        hosts + "\nextra: {hostname: 192.0.2.77, groups: [pe], data: {host_name: vmx-77}}\n"
    )
    targets = load_targets(folder, Credentials(username="lab"))
    assert targets["extra"].host_name == "vmx-77"
    assert {each.host_name for name, each in targets.items() if name != "extra"} == {None}
    overlaid = load_targets(
        folder, Credentials(username="lab"), overlay={"extra": {"host": "::1", "host_name": None}}
    )
    assert overlaid["extra"].host_name is None


def test_the_longest_reply_comes_from_the_inventory_and_a_size_that_is_none_is_a_slip(
    folder: Project,
):
    hosts = folder.hosts.read_text()
    more = "\nextra: {hostname: 192.0.2.77, groups: [pe], data: {max_reply: %s}}\n"
    folder.hosts.write_text(hosts + more % "1G")
    targets = load_targets(folder, Credentials(username="lab"))
    assert targets["extra"].max_reply == 1 << 30
    assert targets["one"].max_reply == 64 << 20
    folder.hosts.write_text(hosts + more % "much")
    with pytest.raises(InvalidFile, match=r"extra\.data\.max_reply: .*'much' is no size"):
        load_targets(folder, Credentials(username="lab"))
