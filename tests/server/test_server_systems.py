"""A session that stands in a logical system."""

import pytest

LINES = """\
set logical-systems west interfaces ge-0/0/0 unit 1 vlan-id 1 family inet address 192.0.2.1/30
set interfaces ge-0/0/0 vlan-tagging
"""


@pytest.fixture
def client(make_box):
    return make_box(make_box.__init__.__defaults__[0] + LINES).client()


def enter(client, system):
    return client.ask(
        f"<set-logical-system><logical-system>{system}</logical-system></set-logical-system>"
    )


def routes(client):
    reply = client.ask("<get-route-information/>")
    return [each.text for each in reply.iter("rt-destination")]


def test_requests_are_asked_of_it_until_it_is_left(client):
    assert routes(client) == []
    assert enter(client, "west").findtext(".//logical-system") == "west"
    assert routes(client) == ["192.0.2.0/30", "192.0.2.1/32"]
    said = client.ask('<command format="text">show configuration | display set</command>')
    assert "set interfaces ge-0/0/0 unit 1 vlan-id 1" in "".join(said.itertext())
    client.ask("<clear-logical-system/>")
    assert routes(client) == []


def test_one_that_is_not_there_cannot_be_entered(client):
    assert enter(client, "east").findtext(".//error-message") == "Logical system east not found"
    assert enter(client, "").find("rpc-error") is not None


def test_an_argument_that_the_configuration_does_not_take_is_named(client):
    asked = "<logical-system>west</logical-system>"
    reply = client.ask(f"<get-configuration>{asked}</get-configuration>")
    assert reply.findtext(".//bad-element") == "logical-system"
