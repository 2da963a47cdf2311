"""Looks at a router that was configured, of which hand-made views would prove little."""

import pytest

ROUTES = """\
set policy-options community red members 65000:1
set policy-options community any-red members 65000:*
set routing-options static route 10.1.0.0/16 discard
set routing-options static route 10.1.0.0/16 community 65000:1
set routing-options static route 10.1.2.0/24 discard
set routing-options static route 10.1.2.0/24 community 65000:2
set routing-options static route 10.2.0.0/16 discard
"""
BASE = "set system host-name r1\nset system services netconf ssh\n"


@pytest.fixture
def client(make_box):
    return make_box(BASE + ROUTES).client()


def shown(client, arguments):
    reply = client.ask(f"<get-route-information>{arguments}</get-route-information>")
    return [each.text for each in reply.iter("rt-destination")]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("<community-name>red</community-name>", ["10.1.0.0/16"]),
        ("<community-name>any-red</community-name>", ["10.1.0.0/16", "10.1.2.0/24"]),
        ("<community>65000:2</community>", ["10.1.2.0/24"]),
        ("<no-community/>", ["10.2.0.0/16"]),
        ("<destination>10.1.0.0/16</destination>", ["10.1.0.0/16", "10.1.2.0/24"]),
        ("<destination>10.1.0.0/16</destination><exact/>", ["10.1.0.0/16"]),
        (
            "<destination>10.1.0.0/16</destination><match>exact</match>",
            ["10.1.0.0/16"],
        ),
        ("<destination>10.1.2.0/25</destination>", ["10.1.2.0/24"]),
        ("<destination>10.1.2.0/25</destination><longer/>", []),
        ("<destination>10.1.0.0/15</destination><longer/>", ["10.1.0.0/16", "10.1.2.0/24"]),
        ("<validation-state>unverified</validation-state>", []),
    ],
)
def test_routes_are_chosen(client, arguments, expected):
    assert shown(client, arguments) == expected


@pytest.mark.parametrize(
    ("arguments", "bad"),
    [
        ("<community-name>blue</community-name>", "community-name"),
        ("<level>nonsense</level>", "nonsense"),
        ("<level/>", "level"),
        ("<nonsense/>", "nonsense"),
    ],
)
def test_an_argument_that_means_nothing_is_named(client, arguments, bad):
    reply = client.ask(f"<get-route-information>{arguments}</get-route-information>")
    assert reply.findtext(".//bad-element") == bad


def test_a_level_may_be_given_as_the_models_name_it(client):
    asked = "<get-route-information>{}</get-route-information>"
    named = client.ask(asked.format("<level>detail</level>"))
    assert named.find(".//rt-entry/announce-bits") is not None
    assert [each.tag for each in named.iter()] == [
        each.tag for each in client.ask(asked.format("<detail/>")).iter()
    ]


def test_the_revision_says_in_detail_who_committed_it(client):
    client.load("set system location building x")
    client.commit("<log>moved</log>")

    def printed(words):
        reply = client.ask(f'<command format="text">show system commit revision{words}</command>')
        return reply.findtext("output").strip().splitlines()

    [brief] = printed("")
    assert brief.startswith("Revision: re0-")
    labels = [line.partition(":")[::2] for line in printed(" detail")]
    assert labels[0] == ("Revision    ", brief.partition(":")[2])
    assert labels[1:3] == [("User        ", " lab"), ("Client      ", " netconf")]
    asked = "<get-commit-revision-information>{}</get-commit-revision-information>"
    [root] = client.ask(asked.format(""))
    assert [each.tag for each in root] == ["revision"]
    [root] = client.ask(asked.format("<level>detail</level>"))
    assert root.findtext("user") == "lab"
