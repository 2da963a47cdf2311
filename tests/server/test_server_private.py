"""Private copies: who may edit beside them, and how their commits are answered."""

import pytest

OPEN = "<open-configuration><private/></open-configuration>"
IN_USE = "private edits in use. Try 'configure private' or 'configure exclusive'"


def load(client, line):
    return client.ask(
        '<load-configuration action="set" format="text">'
        f"<configuration-set>{line}</configuration-set></load-configuration>"
    )


@pytest.fixture
def private(box):
    client = box.client("ann")
    assert client.ask(OPEN).findtext(".//error-severity") == "warning"
    return client


@pytest.mark.parametrize(
    "operation",
    [
        "<open-configuration/>",
        (
            "<edit-config><target><candidate/></target><config><configuration><system>"
            "<host-name>x</host-name></system></configuration></config></edit-config>"
        ),
    ],
)
def test_nobody_changes_what_all_share_while_somebody_has_a_copy(box, private, operation):
    other = box.client("bob")
    assert other.ask(operation).findtext(".//error-message") == IN_USE
    assert load(other, "set system host-name x").findtext(".//error-message") == IN_USE
    private.ask("<close-configuration/>")
    assert other.ask(operation).find(".//error-message") is None


def test_discarding_nothing_hurts_nobody(box, private):
    assert box.client("bob").ask("<discard-changes/>").find("ok") is not None


def test_a_copy_or_the_lock_are_had_beside_a_copy(box, private):
    bob = box.client("bob")
    assert bob.ask(OPEN).findtext(".//error-severity") == "warning"
    assert bob.ask("<close-configuration/>").find(".//rpc-error") is None
    assert bob.ask("<lock><target><candidate/></target></lock>").find("ok") is not None
    load(private, "set system host-name x")
    assert private.commit().findtext(".//error-tag") == "lock-denied"


def test_a_copy_that_is_committed_is_loaded_first(box, private):
    load(private, "set system host-name x")
    reply = private.commit()
    tags = [each.tag for each in reply.find("commit-results")]
    assert tags == ["load-success", "routing-engine"]
    assert reply.find("ok") is not None
    assert box.chassis.host_name == "x"


def test_a_copy_without_changes_makes_no_commit(box, private):
    before = box.chassis.database.history
    reply = private.commit()
    assert len(reply.find("commit-results")) == 0
    assert reply.find("ok") is not None
    assert box.chassis.database.history == before


def test_a_copy_that_is_refused_says_that_it_was_loaded(box, private):
    load(private, "set protocols bgp group g type internal neighbor 10.0.0.1")
    tags = [each.tag for each in private.commit().find("commit-results")]
    assert tags[0] == "load-success"
    assert set(tags[1:]) == {"rpc-error"}


def commit_both(box, first, second):
    """Two copies of one database, changed and committed one after the other."""
    clients = (box.client("ann"), box.client("bob"))
    for client, line in zip(clients, (first, second), strict=True):
        client.ask(OPEN)
        load(client, line)
    assert clients[0].commit().find("ok") is not None
    return clients[1].commit()


def test_of_two_that_change_the_same_the_first_one_wins(box):
    reply = commit_both(box, "set system host-name a", "set system host-name b")
    said = reply.findtext(".//error-message")
    assert said == "statement does not match patch; 'a' != 'r1'"
    assert reply.find("ok") is None
    assert box.chassis.host_name == "a"


def test_two_that_add_to_the_same_list_both_get_their_own(box):
    reply = commit_both(
        box, "set system domain-search a.example", "set system domain-search b.example"
    )
    assert reply.find("ok") is not None
    system = box.chassis.database.committed.get("system")
    assert system.leaves("domain-search") == ("a.example", "b.example")
    reply = commit_both(
        box,
        "set system domain-search c.example",
        "delete system domain-search a.example",
    )
    assert reply.find("ok") is not None
    system = box.chassis.database.committed.get("system")
    assert system.leaves("domain-search") == ("b.example", "c.example")
