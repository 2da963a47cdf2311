"""What a manager asks that mounts a router (RFC 6022)."""

MONITORING = "urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring"


def ask(client, inner):
    state = f'<netconf-state xmlns="{MONITORING}">{inner}</netconf-state>'
    return client.ask(f'<get><filter type="subtree">{state}</filter></get>').find("data")[0]


def test_the_state_names_sessions_and_capabilities(box):
    clients = [box.client("ann"), box.client("bob")]
    state = ask(clients[0], "")
    assert [part.tag for part in state] == ["capabilities", "schemas", "sessions"]
    assert [each.text for each in state.iter("username")] == ["ann", "bob"]
    assert "urn:ietf:params:netconf:base:1.0" in [each.text for each in state.iter("capability")]


def test_a_part_may_be_asked_for_alone(box):
    assert [part.tag for part in ask(box.client(), "<schemas/>")] == ["schemas"]


def test_there_is_no_schema_to_get(box):
    asked = f'<get-schema xmlns="{MONITORING}"><identifier>any</identifier></get-schema>'
    assert box.client().ask(asked).findtext(".//bad-element") == "any"


def test_a_path_selects_nothing_that_there_is_and_none_selects_everything(box):
    client = box.client()
    everything = client.ask('<get><filter type="xpath"/></get>')
    assert everything.findtext("data/configuration/system/host-name") == "r1"
    path = client.ask('<get><filter type="xpath" source="/bgp"/></get>')
    assert path.findtext("rpc-error/error-info/bad-element") == "filter"
