import pytest

from multihome.errors import InvalidFile, Problem
from multihome.inventory.facts import validated
from multihome.inventory.project import Project


def complaints(project: Project) -> list[Problem]:
    with pytest.raises(InvalidFile) as caught:
        validated(project)
    return list(caught.value.problems)


def test_a_good_inventory_passes(folder: Project):
    hosts, groups, defaults = validated(folder)
    assert list(hosts) == ["one", "two", "three"]
    assert groups["pe"].data.role == "pe"
    assert defaults.port == 2830


@pytest.mark.parametrize(
    ("line", "key", "words"),
    [
        ("x: {hostname: x, groups: [pe], hostnam: y}", "x.hostnam", "did you mean 'hostname'"),
        ("x: {hostname: x, groups: [pee]}", "x.groups[0]", "unknown group 'pee'; known: pe, cpe"),
        ("x: {hostname: x, groups: [pe, cpe]}", "x.groups", "more than one role: cpe and pe"),
        ("x: {hostname: x}", "x.groups", "no group gives this router a role"),
        ("x: {groups: [pe]}", "x.hostname", "is required"),
        ("x: {hostname: x, data: {role: core}}", "x.data.role", "known: pe, p, cpe, customer"),
        ("x: {hostname: x, groups: [pe], port: 99999}", "x.port", "65535"),
        ("x: {hostname: x, groups: [pe], port: '22'}", "x.port", "whole number"),
        ("x: {hostname: x, groups: pe}", "x.groups", "must be a list"),
        ("x: {hostname: x, groups: [pe], password: p}", "x.password", "MULTIHOME_PASSWORD"),
        ("x: {hostname: x, groups: [pe], data: {rack: 7}}", "x.data.rack", "unknown key"),
        ("x: {hostname: one.example.net, groups: [pe]}", "x.hostname", "same router as one"),
        ("one: {hostname: x, groups: [pe]}", "one", "written twice; first on line 1"),
        ("a b: {hostname: x, groups: [pe]}", "a b", "is no name: it begins with"),
        ("x: {hostname: 192.0.2.777, groups: [pe]}", "x.hostname", "is no address"),
        ("x: {hostname: '192.0.2.7:830', groups: [pe]}", "x.hostname", "a port has a key of its"),
        (
            "x: {hostname: x, groups: [pe], connection_options: {}}",
            "x.connection_options",
            "unknown",
        ),
    ],
)
def test_a_slip_in_hosts_names_line_and_key(folder: Project, line: str, key: str, words: str):
    folder.hosts.write_text(folder.hosts.read_text() + line + "\n")
    [problem] = complaints(folder)
    assert (problem.file, problem.line, problem.key) == (folder.hosts, 4, key)
    assert words in problem.message


def test_slips_in_all_files_are_told_at_once(folder: Project):
    folder.hosts.write_text("x: {hostnam: x}\n")
    folder.groups.write_text("pe: {data: {rol: pe}}\n")
    folder.defaults.write_text("prot: 22\n")
    assert {problem.file for problem in complaints(folder)} == {
        folder.hosts,
        folder.groups,
        folder.defaults,
    }


def test_a_group_of_itself_is_refused(folder: Project):
    folder.groups.write_text(
        "pe: {data: {role: pe}, groups: [cpe]}\ncpe: {groups: [pe]}\neast: {}\n"
    )
    assert "pe.groups: is a group of itself" in str(complaints(folder)[0])


def test_free_words_have_a_place_of_their_own(folder: Project):
    folder.hosts.write_text("x: {hostname: x, groups: [pe], data: {vars: {rack: 7}}}\n")
    assert validated(folder)[0]["x"].data.vars == {"rack": 7}


def test_defaults_may_be_left_out_as_in_nornir(folder: Project):
    folder.defaults.unlink()
    assert validated(folder)[2].port is None


def test_two_logical_systems_of_one_chassis_are_two_routers(folder: Project):
    folder.hosts.write_text(
        "a: {hostname: x, groups: [pe], data: {logical_system: A}}\n"
        "b: {hostname: x, groups: [pe], data: {logical_system: B}}\n"
    )
    assert len(validated(folder)[0]) == 2
