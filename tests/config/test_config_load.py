"""Loading: actions, tags, commands, and what Junos says of a mistake."""

import pytest
from lxml import etree

from multihome.twin.config.formats.set_format import print_set
from multihome.twin.config.formats.text_format import print_text
from multihome.twin.config.load import edit, load, parse
from multihome.values.secret import reveal

BASE = """
set system host-name r1
set system login message hello
set protocols bgp group pe neighbor 10.0.0.1 peer-as 1
set protocols bgp group pe neighbor 10.0.0.2 peer-as 2
set policy-options community c members [ 1:1 2:2 ]
"""


@pytest.fixture
def base():
    return parse(BASE, "set").root


def lines(root):
    return set(print_set(root).splitlines())


def said(outcome):
    return [(each.severity, each.message, each.element) for each in outcome.problems]


# --- set ---------------------------------------------------------------------------------


def test_a_statement_that_is_not_there_cannot_be_deleted(base):
    outcome = load(base, "delete snmp\ndelete system host-name other", action="set")
    assert said(outcome) == [("warning", "statement not found", "")] * 2
    assert outcome.ok
    assert lines(outcome.root) == lines(base)


def test_what_a_deletion_empties_vanishes_with_it(base):
    root = load(base, "delete system login message", action="set").root
    assert not root.has("system", "login")
    root = load(root, "delete protocols bgp group pe", action="set").root
    assert not root.has("protocols")


def test_one_value_of_a_list_can_be_deleted(base):
    root = load(base, "delete policy-options community c members 1:1", action="set").root
    assert root.get("policy-options", ("community", "c")).leaves("members") == ("2:2",)


@pytest.mark.parametrize(
    ("first", "then", "kept"),
    [
        ("interfaces ge-0/0/0 disable", "interfaces ge-0/0/0 enable", "enable"),
        ("policy-options policy-statement p term t then accept", "reject", "reject"),
        ("routing-options static route 10.0.0.0/8 next-hop 10.9.9.9", "discard", "discard"),
    ],
)
def test_a_statement_takes_the_place_of_its_opposite(base, first, then, kept):
    path = first.rpartition(" ")[0] if " " not in then else ""
    path = path.removesuffix(" next-hop")
    loaded = load(base, f"set {first}\nset {path} {then}", action="set")
    [line] = lines(loaded.root) - lines(base)
    assert line.endswith(f" {kept}")


def test_an_unknown_word_is_named_and_the_other_lines_are_loaded(base):
    outcome = load(base, "set system hostname x\nset system domain-name d", action="set")
    assert said(outcome) == [("error", "syntax error", "hostname")]
    assert outcome.root.get("system").leaf("domain-name") == "d"


@pytest.mark.parametrize(
    ("line", "message", "element"),
    [
        ("set interfaces ge-0/0/0 unit 0 vlan-id 5000", "Value 5000 is not within range (0..4094)", "5000"),
        ("set interfaces ge-0/0/0 mtu big", "Invalid numeric value: 'big'", "big"),
        ("set routing-options router-id 10.0.0.256", "invalid ip address: '10.0.0.256'", "10.0.0.256"),
        ("set routing-options static route 10.0.0.0/33 discard", "invalid ip address or prefix: '10.0.0.0/33'", "10.0.0.0/33"),
        ("set protocols bgp group g type sideways", "syntax error", "sideways"),
        ("set protocols bgp group", "missing argument", "group"),
        ("set system host-name", "missing argument", "host-name"),
        ("show system", "syntax error", "show"),
        ("set protocols bgp group g neighbor not-an-address", "invalid ip address: 'not-an-address'", "not-an-address"),
    ],
)  # fmt: skip
def test_a_bad_value_is_refused_in_junos_words(base, line, message, element):
    outcome = load(base, line, action="set")
    assert said(outcome) == [("error", message, element)]
    assert lines(outcome.root) == lines(base)


def test_a_quote_that_never_closes_is_an_error(base):
    outcome = load(base, 'set system login message "oops\nset system host-name y', action="set")
    assert [each.message for each in outcome.errors] == ["unbalanced quotes"]


def test_several_statements_may_stand_in_one_line():
    root = parse(
        "set routing-options static route 0/0 next-hop 10.0.0.1 preference 200 no-readvertise",
        "set",
    ).root
    route = root.get("routing-options", "static", ("route", "0.0.0.0/0"))
    assert route.leaf("next-hop") == "10.0.0.1"
    assert route.leaves("preference") == ("200",)
    assert route.has("no-readvertise")


def test_edit_up_and_top_move_about(base):
    script = "edit protocols bgp group pe\nset hold-time 10\nup\nset path-selection external-router-id\ntop\nset system domain-name d"
    root = load(base, script, action="set").root
    assert root.get("protocols", "bgp", ("group", "pe")).leaf("hold-time") == "10"
    assert root.has("protocols", "bgp", "path-selection", "external-router-id")
    assert root.get("system").leaf("domain-name") == "d"


def test_rename_insert_copy_and_annotate(base):
    script = """
    rename protocols bgp group pe to group ce
    copy protocols bgp group ce neighbor 10.0.0.2 to neighbor 10.0.0.3
    insert protocols bgp group ce neighbor 10.0.0.3 before neighbor 10.0.0.1
    annotate protocols bgp "all of it"
    deactivate protocols bgp group ce neighbor 10.0.0.1
    """
    outcome = load(base, script, action="set")
    bgp = outcome.root.get("protocols", "bgp")
    group = bgp.get(("group", "ce"))
    assert outcome.problems == ()
    assert group.leaves("neighbor") == ("10.0.0.3", "10.0.0.1", "10.0.0.2")
    assert group.get(("neighbor", "10.0.0.3")).leaf("peer-as") == "2"
    assert group.get(("neighbor", "10.0.0.1")).inactive
    assert bgp.comment == "all of it"


def test_a_clear_text_key_is_stored_as_a_router_stores_it():
    group = parse("set protocols bgp group g authentication-key foo", "set").root.get(
        "protocols", "bgp", ("group", "g")
    )
    key = group.leaf("authentication-key")
    assert key.startswith("$9$")
    assert reveal(key) == "foo"
    kept = parse(f'set protocols bgp group g authentication-key "{key}"', "set").root
    assert kept.get("protocols", "bgp", ("group", "g")).leaf("authentication-key") == key


def test_an_element_without_a_name_deletes_every_entry(base):
    asked = '<protocols><bgp><group delete="delete"/></bgp></protocols>'
    for problems in ((), ("statement not found",)):
        outcome = load(base, f"<configuration>{asked}</configuration>", format="xml")
        assert tuple(each.message for each in outcome.problems) == problems
        assert not outcome.root.has("protocols", "bgp", ("group", "pe"))
        base = outcome.root


@pytest.mark.parametrize(
    ("text", "form", "left"),
    [
        ("delete interfaces ge-0/0/0 hold-time up", "set", "down 20"),
        ("delete interfaces ge-0/0/0 hold-time up 10", "set", "down 20"),
        ("delete interfaces ge-0/0/0 hold-time", "set", None),
        ('<hold-time><down delete="delete"/></hold-time>', "xml", "up 10"),
        ('<hold-time><down operation="remove"/><up>5</up></hold-time>', "xml", "up 5"),
        ('<hold-time><down delete="delete"/><up delete="delete"/></hold-time>', "xml", None),
    ],
)
def test_a_part_of_a_phrase_is_deleted_by_its_word(text, form, left):
    root = parse("set interfaces ge-0/0/0 mtu 1500 hold-time up 10 down 20", "set").root
    if form == "xml":
        interface = f"<interface><name>ge-0/0/0</name>{text}</interface>"
        text = f"<configuration><interfaces>{interface}</interfaces></configuration>"
    outcome = load(root, text, format=form)
    assert outcome.problems == ()
    kept = [line for line in lines(outcome.root) if "hold-time" in line]
    assert kept == ([] if left is None else [f"set interfaces ge-0/0/0 hold-time {left}"])


@pytest.mark.parametrize(
    "value", ["<idle-timeout><forever/></idle-timeout>", "<idle-timeout>forever</idle-timeout>"]
)
def test_a_choice_of_words_may_be_an_element(value):
    limit = f"<prefix-limit><maximum>5</maximum><teardown>{value}</teardown></prefix-limit>"
    group = f"<name>g</name><family><inet><unicast>{limit}</unicast></inet></family>"
    asked = (
        f"<configuration><protocols><bgp><group>{group}</group></bgp></protocols></configuration>"
    )
    outcome = load(parse("", "set").root, asked, format="xml")
    assert outcome.problems == ()
    said = "family inet unicast prefix-limit teardown idle-timeout forever"
    assert f"set protocols bgp group g {said}" in lines(outcome.root)


# --- text --------------------------------------------------------------------------------


def test_a_merge_adds_and_keeps(base):
    root = load(base, "system { domain-name d; login { message bye; } }", action="merge").root
    assert root.get("system").leaf("host-name") == "r1"
    assert root.get("system", "login").leaf("message") == "bye"


def test_replace_replaces_what_is_tagged_and_merges_the_rest(base):
    text = "system { domain-name d; } protocols { bgp { replace: group pe { type external; } } }"
    root = load(base, text, action="replace").root
    group = root.get("protocols", "bgp", ("group", "pe"))
    assert (group.leaf("type"), group.leaves("neighbor")) == ("external", ())
    assert root.get("system").leaf("host-name") == "r1"
    merged = load(base, text, action="merge").root
    assert merged.get("protocols", "bgp", ("group", "pe")).leaves("neighbor") != ()


@pytest.mark.parametrize("action", ["override", "update"])
def test_an_override_leaves_nothing_of_what_was_there(base, action):
    root = load(base, "system { host-name r2; }", action=action).root
    assert print_set(root) == "set system host-name r2\n"


def test_tags_delete_and_deactivate(base):
    text = "system { delete: login; } protocols { bgp { inactive: group pe { type external; } } }"
    root = load(base, text, action="merge").root
    assert not root.has("system", "login")
    assert root.get("protocols", "bgp", ("group", "pe")).inactive
    active = load(root, "protocols { bgp { active: group pe; } }", action="merge").root
    assert not active.get("protocols", "bgp", ("group", "pe")).inactive


def test_an_unknown_block_is_skipped_up_to_its_brace(base):
    outcome = load(base, "sistema { host-name x; deep { er; } } snmp { location here; }")
    assert said(outcome) == [
        ("error", "syntax error", "sistema"),
        ("error", "error recovery ignores input until this point", "}"),
    ]
    assert outcome.root.get("snmp").leaf("location") == "here"


@pytest.mark.parametrize(
    ("text", "element"),
    [("system { host-name x }", "}"), ("system { host-name x;", "end of input"), ("} ", "}")],
)
def test_text_that_breaks_off_is_an_error(text, element):
    assert element in [each.element for each in parse(text, "text").errors]


def test_remarks_and_comments():
    text = "## Last commit: never\nsystem {\n    /* where it is */\n    host-name x; ## SECRET-DATA\n}\n"
    root = parse(text, "text").root
    assert root.get("system", "host-name").comment == "where it is"
    assert print_text(root) == "system {\n    /* where it is */\n    host-name x;\n}\n"


# --- lenient -----------------------------------------------------------------------------


def test_a_lenient_load_keeps_what_it_does_not_know():
    text = "system {\n    host-name x;\n    warp-drive {\n        engage;\n        factor 9;\n    }\n}\n"
    outcome = parse(text, "text", strict=False)
    assert outcome.ok
    assert [each.severity for each in outcome.problems] == ["warning"]
    assert print_text(outcome.root) == text
    again = parse(print_set(outcome.root), "set", strict=False)
    assert print_set(again.root) == print_set(outcome.root)


# --- xml ---------------------------------------------------------------------------------


def xml(text):
    return etree.fromstring(f"<configuration>{text}</configuration>")


def test_elements_in_any_namespace_are_understood(base):
    element = etree.fromstring(
        '<nc:configuration xmlns:nc="urn:x"><system xmlns="http://yang.juniper.net/junos">'
        "<host-name>r9</host-name></system></nc:configuration>"
    )
    assert load(base, element, format="xml").root.get("system").leaf("host-name") == "r9"


def test_attributes_delete_replace_and_deactivate(base):
    element = xml(
        '<system><login delete="delete"/></system><protocols><bgp><group replace="replace">'
        '<name>pe</name><neighbor inactive="inactive"><name>10.0.0.9</name></neighbor></group></bgp></protocols>'
    )
    root = load(base, element, format="xml", action="replace").root
    group = root.get("protocols", "bgp", ("group", "pe"))
    assert not root.has("system", "login")
    assert group.leaves("neighbor") == ("10.0.0.9",)
    assert group.get(("neighbor", "10.0.0.9")).inactive


def test_attributes_insert_and_rename(base):
    element = xml(
        '<protocols><bgp><group><name>pe</name><neighbor insert="before" name="10.0.0.1">'
        '<name>10.0.0.2</name></neighbor><neighbor rename="rename" name="10.0.0.8"><name>10.0.0.1</name></neighbor>'
        "</group></bgp></protocols>"
    )
    group = load(base, element, format="xml").root.get("protocols", "bgp", ("group", "pe"))
    assert group.leaves("neighbor") == ("10.0.0.2", "10.0.0.8")


def test_an_unknown_element_is_a_syntax_error(base):
    outcome = load(base, xml("<lldp/><system><lldp/></system>"), format="xml")
    assert said(outcome) == [("error", "syntax error", "lldp")] * 2


def test_json_of_both_generations_is_read():
    new = '{"configuration": {"system": {"@host-name": {"inactive": true}, "host-name": "x", "services": {"ssh": {}}}}}'
    old = '{"configuration": [{"system": [{"host-name": [{"data": "x", "attributes": {"inactive": "inactive"}}], "services": [{"ssh": [{}]}]}]}]}'
    assert print_text(parse(new, "json").root) == print_text(parse(old, "json").root)
    assert parse("{", "json").errors[0].message.startswith("invalid json")


# --- edit-config -------------------------------------------------------------------------

NC = "urn:ietf:params:xml:ns:netconf:base:1.0"


def config(operation, body):
    return etree.fromstring(
        f'<config xmlns:nc="{NC}"><configuration>{body.format(op=f"nc:operation={operation!r}")}</configuration></config>'
    )


@pytest.mark.parametrize(
    ("operation", "name", "ok", "tag"),
    [
        ("create", "x", False, "data-exists"),
        ("delete", "x", True, None),
        ("remove", "x", True, None),
        ("replace", "y", True, None),
        ("merge", "y", True, None),
    ],
)
def test_operations_on_what_is_there(base, operation, name, ok, tag):
    outcome = edit(
        base,
        config(operation, "<system><host-name {op}>" + name + "</host-name></system>"),
        missing="error",
    )
    if operation in ("delete", "remove"):
        outcome = edit(
            base, config(operation, "<system><host-name {op}/></system>"), missing="error"
        )
    assert outcome.ok is ok
    assert [each.tag for each in outcome.errors] == ([tag] if tag else [])


def test_deleting_what_is_not_there_is_data_missing_and_removing_it_is_fine(base):
    body = "<system><domain-name {op}/></system>"
    assert [each.tag for each in edit(base, config("delete", body), missing="error").errors] == [
        "data-missing"
    ]
    assert edit(base, config("remove", body), missing="error").problems == ()


def test_the_default_operation_none_touches_only_what_says_so(base):
    body = "<system><host-name>other</host-name><login><message {op}/></login></system>"
    outcome = edit(base, config("delete", body), default="none")
    assert outcome.root.get("system").leaf("host-name") == "r1"
    assert not outcome.root.has("system", "login")


def test_an_edit_with_an_error_changes_nothing_unless_asked_to_go_on(base):
    body = "<system><domain-name>d</domain-name><bogus {op}/></system>"
    assert lines(edit(base, config("merge", body)).root) == lines(base)
    on = edit(base, config("merge", body), rollback_on_error=False)
    assert on.root.get("system").leaf("domain-name") == "d"


@pytest.mark.parametrize(
    ("form", "action", "data"),
    [
        ("set", "set", "edit snmp\ndelete contact\nset location here"),
        ("set", "set", "edit snmp\ndelete\nset location here"),
        ("set", "set", "edit snmp\nset contact new\ndelete contact\nexit\nset snmp location here"),
        ("text", "replace", "snmp { delete: contact; location here; }"),
        ("xml", "merge", "<snmp><contact delete='delete'/><location>here</location></snmp>"),
        ("json", "merge", '{"snmp": {"@contact": {"operation": "delete"}, "location": "here"}}'),
        ("text", "patch", "[edit snmp]\n-  contact me;\n+  location here;"),
    ],
)
def test_what_follows_when_a_container_was_emptied_is_not_lost(form, action, data):
    base = parse("set snmp contact me", "set").root
    if form == "xml":
        data = f"<configuration>{data}</configuration>"
    outcome = load(base, data, format=form, action=action)
    assert outcome.problems == ()
    assert print_set(outcome.root) == "set snmp location here\n"


@pytest.mark.parametrize(
    "text", ["edit snmp", "edit snmp\nup", "edit snmp\ntop", "edit snmp\nexit"]
)
def test_entering_a_container_makes_none(text):
    assert print_set(parse(text, "set").root) == ""


DELETE_AND_SET = """
<configuration><protocols><lldp>
<advertisement-interval operation="delete"/><hold-multiplier operation="delete"/>
{between}
<advertisement-interval>20</advertisement-interval><hold-multiplier>5</hold-multiplier>
</lldp></protocols></configuration>
"""


@pytest.mark.parametrize("between", ["", "</lldp><lldp>", "</lldp></protocols><protocols><lldp>"])
def test_elements_apply_in_document_order(between):
    """RFC 6241 section 7.2: a container emptied on the way still takes what follows."""
    old = "set protocols lldp advertisement-interval 10\nset protocols lldp hold-multiplier 10\n"
    outcome = load(parse(old, "set").root, DELETE_AND_SET.format(between=between), format="xml")
    assert not outcome.problems
    assert print_set(outcome.root).splitlines() == [
        "set protocols lldp advertisement-interval 20",
        "set protocols lldp hold-multiplier 5",
    ]
