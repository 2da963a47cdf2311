"""The configuration database as NETCONF shows it: edit, compare, commit, confirm, look back."""

import json

import pytest

DISCARD = "uncommitted changes will be discarded on exit"


def test_a_change_is_loaded_compared_checked_and_committed(box):
    client = box.client()
    assert client.load("set system domain-name a.b").find(".//ok") is not None
    assert client.diff() == "\n[edit system]\n+  domain-name a.b;\n"
    assert client.commit("<check/>").find(".//commit-check-success") is not None
    assert client.commit("<log>why</log>").find("ok") is not None
    assert client.diff() == "\n"
    assert "-  domain-name a.b;" in client.diff(1) or "+  domain-name a.b;" in client.diff(1)
    newest = client.ask("<get-commit-information/>").find(".//commit-history")
    assert [newest.findtext(name) for name in ("sequence-number", "user", "client", "log")] == [
        "0",
        "lab",
        "netconf",
        "why",
    ]


def test_a_load_error_names_the_word_and_counts(box):
    answer = box.client().load("set system host-nme x\nset system domain-name y")
    assert answer.findtext(".//bad-element") == "host-nme"
    assert answer.findtext(".//load-error-count") == "1"
    assert answer.find(".//ok") is None


def test_a_commit_that_fails_says_why_within_its_results(box):
    client = box.client()
    client.load("set protocols bgp group g type external neighbor 192.0.2.1 description x")
    answer = client.commit()
    assert answer.find("commit-results/rpc-error") is not None
    messages = [node.text.strip() for node in answer.iter("error-message")]
    assert messages[-1] == "configuration check-out failed"
    assert answer.find("ok") is None


def test_an_unconfirmed_commit_is_rolled_back_when_its_time_is_up(box):
    client = box.client()
    client.load("set system domain-name a")
    client.commit("<confirmed/><confirm-timeout>2</confirm-timeout>")
    pending = client.ask("<get-commit-information/>").find(".//commit-history")
    assert pending.findtext("commit-confirmed") == "rollback pending"
    assert pending.findtext("comment") == "commit confirmed, rollback in 2mins"
    box.clock.advance_to(119)
    assert box.chassis.database.committed.get("system").leaf("domain-name") == "a"
    box.clock.advance_to(121)
    assert box.chassis.database.committed.get("system").leaf("domain-name") is None
    assert "rolled back" in str(box.journal.lines("r1")[-1])
    assert client.ask("<get-commit-information/>").find(".//commit-confirmed") is None


@pytest.mark.parametrize(
    "confirm",
    [
        pytest.param("<commit-configuration/>", id="commit"),
        pytest.param("<commit-configuration><check/></commit-configuration>", id="commit check"),
        pytest.param("<commit/>", id="the base protocol's commit"),
    ],
)
def test_a_confirmed_commit_stands_when_confirmed_even_by_another_session(box, confirm):
    client = box.client()
    client.load("set system domain-name a")
    client.commit("<confirmed/>")
    client.session.close()
    assert box.client().ask(confirm).find("ok") is not None
    box.clock.advance_to(3600)
    assert box.chassis.database.committed.get("system").leaf("domain-name") == "a"


def test_a_further_confirmed_commit_puts_the_deadline_off(box):
    client = box.client()
    client.load("set system domain-name a")
    client.commit("<confirmed/><confirm-timeout>1</confirm-timeout>")
    box.clock.advance_to(50)
    client.commit("<confirmed/><confirm-timeout>1</confirm-timeout>")
    box.clock.advance_to(100)
    assert box.chassis.database.pending is not None
    box.clock.advance_to(111)
    assert box.chassis.database.committed.get("system").leaf("domain-name") is None


def test_the_base_protocols_confirm_timeout_is_in_seconds(box):
    client = box.client()
    client.load("set system domain-name a")
    client.ask("<commit><confirmed/><confirm-timeout>30</confirm-timeout></commit>")
    box.clock.advance_to(29)
    assert box.chassis.database.pending is not None
    box.clock.advance_to(31)
    assert box.chassis.database.committed.get("system").leaf("domain-name") is None


def test_a_confirmed_commit_can_be_cancelled(box):
    client = box.client()
    client.load("set system domain-name a")
    client.commit("<confirmed/>")
    assert client.ask("<cancel-commit/>").find("ok") is not None
    assert box.chassis.database.committed.get("system").leaf("domain-name") is None
    assert client.ask("<cancel-commit/>").find("rpc-error") is not None


@pytest.mark.parametrize("timeout", ["0", "-1", "x", "", "65536"])
def test_a_confirm_timeout_out_of_range_is_refused_before_anything_happens(box, timeout):
    client = box.client()
    client.load("set system domain-name a")
    answer = client.commit(f"<confirmed/><confirm-timeout>{timeout}</confirm-timeout>")
    assert answer.findtext(".//bad-element") == "confirm-timeout"
    assert box.chassis.database.pending is None
    assert len(box.chassis.database.history) == 1


def test_a_commit_may_wait_for_its_hour(box):
    client = box.client()
    client.load("set system domain-name a")
    client.commit("<at-time>00:10:00</at-time>")
    box.clock.advance_to(599)
    assert box.chassis.database.committed.get("system").leaf("domain-name") is None
    box.clock.advance_to(601)
    assert box.chassis.database.committed.get("system").leaf("domain-name") == "a"


def test_a_commit_that_waits_is_shown_and_may_be_forgotten(box):
    client = box.client()
    client.load("set system domain-name a")
    client.commit("<at-time>00:10:00</at-time><log>later</log>")
    waiting = client.ask("<get-commit-information/>").find(".//pending-commit")
    assert [each.text for each in waiting] == ["lab", "netconf", "2026-01-01 00:10:00 UTC", "later"]
    said = client.ask('<command format="text">show system commit</command>').findtext("output")
    assert "commit requested by lab via netconf at 2026-01-01 00:10:00 UTC" in said
    assert "cleared" in client.ask("<clear-system-commit/>").findtext("output")
    assert "No commit" in client.ask("<clear-system-commit/>").findtext("output")
    box.clock.advance_to(700)
    assert box.chassis.database.committed.get("system").leaf("domain-name") is None
    assert client.ask("<get-commit-information/>").find(".//pending-commit") is None


def test_nothing_is_said_of_a_model_that_the_router_does_not_have(box):
    asked = '<bgp xmlns="http://openconfig.net/yang/bgp"/>'
    reply = box.client().ask(f"<get-configuration>{asked}</get-configuration>")
    assert len(reply.find("configuration")) == 0


@pytest.mark.parametrize("mode", ["dynamic", "batch"])
def test_modes_that_are_not_told_apart_edit_what_all_share(box, mode):
    client = box.client()
    assert len(client.ask(f"<open-configuration><{mode}/></open-configuration>")) == 0
    client.load("set system domain-name a")
    assert client.commit().find("ok") is not None
    assert len(client.ask("<close-configuration/>")) == 0
    assert "domain-name a" in box.client().diff(1)


def test_what_has_changed_can_be_asked_for(box):
    client = box.client()

    def marked(attributes):
        reply = client.ask(f'<get-configuration changed="changed" {attributes}/>')
        return [each.tag for each in reply.iter() if "changed" in each.attrib.values()]

    assert marked("") == []
    client.load("set system host-name a\nset system services ssh\nset system domain-name b")
    expected = ["configuration", "system", "host-name", "domain-name", "services", "ssh"]
    assert marked("") == expected
    client.commit()
    assert marked("") == []
    assert marked('database="committed"') == expected


def test_a_dead_session_frees_the_lock_and_drops_its_changes(box):
    dying = box.client()
    dying.ask("<lock-configuration/>")
    dying.load("set system domain-name gone")
    dying.session.close()
    client = box.client()
    assert client.ask("<lock-configuration/>").find("ok") is not None
    assert client.diff() == "\n"


def test_a_private_candidate_is_seen_by_its_session_alone(box):
    client, other = box.client(), box.client()
    opened = client.ask("<open-configuration><private/></open-configuration>")
    assert opened.findtext(".//error-message").strip() == DISCARD
    assert opened.findtext(".//error-severity") == "warning"
    client.load("set system domain-name mine")
    assert client.diff() != "\n"
    assert other.diff() == "\n"
    assert client.ask("<close-configuration/>").find("rpc-error") is None
    assert client.diff() == "\n"


def test_shared_changes_keep_others_from_locking(box):
    box.client().load("set system domain-name a")
    answer = box.client().ask("<lock-configuration/>")
    assert answer.findtext(".//error-message").strip() == "configuration database modified"


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        pytest.param("text", "    host-name r1;", id="text"),
        pytest.param("set", "set system host-name r1", id="set"),
        pytest.param("json", '"host-name" : "r1"', id="json"),
        pytest.param("xml", "<host-name>r1</host-name>", id="xml"),
    ],
)
def test_the_configuration_comes_in_every_format(box, form, expected):
    assert expected in box.client().raw(f'<get-configuration format="{form}"/>')


def test_json_is_json_between_the_tags(box):
    root = box.client().ask('<get-configuration format="json" database="committed"/>')
    assert json.loads(root.text)["configuration"]["system"]["host-name"] == "r1"


@pytest.mark.parametrize(
    "ask",
    [
        (
            "<get-configuration><configuration><system><host-name/></system></configuration>"
            "</get-configuration>"
        ),
        (
            "<get-config><source><running/></source><filter><configuration><system><host-name/>"
            "</system></configuration></filter></get-config>"
        ),
        "<get><filter><configuration><system><host-name/></system></configuration></filter></get>",
    ],
    ids=["get-configuration", "get-config", "get"],
)
def test_a_filter_leaves_what_it_names(box, ask):
    configuration = box.client().ask(ask).find(".//configuration")
    assert [node.tag for node in configuration.iter()] == ["configuration", "system", "host-name"]


def test_the_base_protocol_edits_compares_discards_and_commits(box):
    client = box.client()
    edit = (
        "<edit-config><target><candidate/></target><config><configuration><system>"
        "<domain-name>{}</domain-name></system></configuration></config></edit-config>"
    )
    assert client.ask("<lock><target><candidate/></target></lock>").find("ok") is not None
    assert client.ask(edit.format("a")).find("ok") is not None
    assert client.diff() != "\n"
    assert client.ask("<discard-changes/>").find("ok") is not None
    assert client.diff() == "\n"
    client.ask(edit.format("b"))
    validated = client.ask("<validate><source><candidate/></source></validate>")
    assert validated.find("ok") is not None
    assert client.ask("<commit/>").find("ok") is not None
    assert client.ask("<unlock><target><candidate/></target></unlock>").find("ok") is not None
    assert box.chassis.database.committed.get("system").leaf("domain-name") == "b"


@pytest.mark.parametrize(
    ("operation", "bad"),
    [
        ("<edit-config><target><running/></target><config/></edit-config>", "running"),
        ("<lock><target><running/></target></lock>", "running"),
        ("<lock/>", "target"),
        ("<get-config><source><startup/></source></get-config>", "startup"),
        ("<edit-config><target><candidate/></target></edit-config>", "config"),
        ("<load-configuration/>", "configuration"),
        ('<load-configuration action="stir"><configuration/></load-configuration>', "stir"),
        ('<get-configuration format="yaml"/>', "yaml"),
        ('<load-configuration rollback="x"/>', "x"),
        ("<open-configuration><privately/></open-configuration>", "privately"),
        ("<commit><confirmed/><persist>mine</persist></commit>", "persist"),
        ("<cancel-commit><persist-id>mine</persist-id></cancel-commit>", "persist-id"),
    ],
)
def test_what_junos_does_not_take_is_refused_by_name(box, operation, bad):
    assert box.client().ask(operation).findtext(".//bad-element") == bad


def test_copying_the_running_configuration_undoes_and_deleting_empties(box):
    client = box.client()
    client.load("set system domain-name a")
    copy = "<copy-config><target><candidate/></target><source><running/></source></copy-config>"
    assert client.ask(copy).find("ok") is not None
    assert client.diff() == "\n"
    delete = "<delete-config><target><candidate/></target></delete-config>"
    assert client.ask(delete).find("ok") is not None
    answer = client.commit()
    assert "root-authentication" in answer.findtext(".//error-message")


def test_former_configurations_and_the_rescue_can_be_had_back(box):
    client = box.client()
    client.ask("<request-save-rescue-configuration/>")
    client.load("set system domain-name a")
    client.commit()
    client.load("set system domain-name b")
    client.commit()
    former = client.ask(
        "<get-rollback-information><rollback>1</rollback></get-rollback-information>"
    )
    assert former.findtext(".//domain-name") == "a"
    between = client.ask(
        "<get-rollback-information><rollback>1</rollback><compare>0</compare>"
        "<format>text</format></get-rollback-information>"
    )
    assert "+  domain-name b;" in between.findtext(".//configuration-output")
    client.ask('<load-configuration rollback="1"/>')
    assert "+  domain-name a;" in client.diff()
    client.ask('<load-configuration rescue="rescue"/>')
    assert client.diff() == "\n[edit system]\n-  domain-name b;\n"
    rescue = client.ask("<get-rescue-information><format>text</format></get-rescue-information>")
    assert "host-name r1;" in rescue.findtext(".//configuration-output")
    client.ask("<request-delete-rescue-configuration/>")
    assert client.ask("<get-rescue-information/>").find("rpc-error") is not None
    assert client.ask('<load-configuration rollback="49"/>').find("rpc-error") is not None


def test_a_commit_takes_no_word_that_it_does_not_know(box):
    client = box.client()
    client.load("set system host-name r2")
    for known in ("<synchronize/>", "<force-synchronize/>", "<full/>"):
        assert client.commit(f"<check/>{known}").find("ok") is not None
    reply = client.commit("<nonsense/>")
    assert reply.findtext(".//bad-element") == "nonsense"
    assert box.chassis.host_name == "r1"


def test_a_filter_leaves_where_statements_were_inherited_from(make_box):
    grouped = "set groups g system location building x\nset apply-groups g\n"
    box = make_box(make_box.__init__.__defaults__[0] + grouped)
    asked = "<configuration><system><location/></system></configuration>"
    attributes = 'inherit="inherit" groups="groups" database="committed"'
    reply = box.client().ask(f"<get-configuration {attributes}>{asked}</get-configuration>")
    building = reply.find(".//location/building")
    assert building.text == "x"
    assert building.get(f"{{{box.chassis.style.junos}}}group") == "g"


@pytest.mark.parametrize(
    "operation",
    [
        '<load-configuration url="{}"/>',
        "<edit-config><target><candidate/></target><url>{}</url></edit-config>",
        "<copy-config><target><candidate/></target><source><url>{}</url></source></copy-config>",
    ],
)
def test_a_url_is_tried_by_every_operation_that_takes_one(box, operation):
    url = "ftp://192.0.2.9/r1.conf"
    reply = box.client().ask(operation.format(url))
    assert [each.text for each in reply.iter("error-message")] == [
        f"error opening file: {url}: No such file or directory"
    ]


@pytest.mark.parametrize(
    ("attributes", "text"),
    [
        ('rollback="0"', False),
        ('rollback="0" format="text"', True),
        ('rollback="0" format="xml"', False),
        ('rollback="1"', True),
    ],
)
def test_a_comparison_without_a_format_is_text_but_with_the_running_one(make_box, attributes, text):
    client = make_box("set system host-name a\nset system services netconf ssh\n").client()
    client.load("set system location building b")
    client.ask("<commit-configuration/>")
    client.load("set system location floor 3")
    answer = client.ask(f'<get-configuration compare="rollback" {attributes}/>')
    assert (answer.find(".//{*}configuration-output") is not None) is text
