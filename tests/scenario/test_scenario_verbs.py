"""The verbs one by one, as an operator types them."""

import json

import pytest

pytestmark = [pytest.mark.scenario, pytest.mark.xdist_group("scenario")]


def test_a_deployed_network_says_all_that_it_must(operator):
    result = operator("verify")
    assert result.code == 0
    assert result.last.startswith("PASS, ran ")
    ran, of = result.last.split("ran ")[1].split(",")[0].split(" of ")
    assert ran == of
    assert int(of) > 300


def test_a_second_apply_says_no_changes_and_commits_nothing(operator):
    with operator.session("juno") as session:
        before = session.history()
    result = operator("apply", "--yes")
    with operator.session("juno") as session:
        after = session.history()
    assert result.code == 0
    assert "no changes" in result.out
    assert after == before


def test_plan_shows_the_difference_and_leaves_nothing_behind(operator):
    operator.sabotage(
        "juno",
        "set routing-instances ipvpn protocols bgp group CPE neighbor 4.0.0.21 metric-out 20",
    )
    try:
        result = operator("plan", "--detailed-exitcode")
        assert result.code == 6
        assert "-" in result.out
        assert "metric-out 20;" in result.out
        assert "metric-out 10;" in result.out
        with operator.session("juno") as session:
            session.lock()
            assert session.diff() == ""
    finally:
        operator.undo("juno")
    assert operator("plan", "--detailed-exitcode").code == 0


def test_the_path_of_packets_in_routers_names(operator):
    result = operator("show", "path", "saturn", "genius", "--json")
    found = json.loads(result.out)
    assert found["hops"] == ["192.168.1.3", "4.0.0.22", "4.0.0.98", "10.0.0.3"]
    assert found["routers"] == ["saturn", "luna", "juno", "liber", "genius"]


LOOKS = ("alarms", "bgp", "interfaces", "isis", "ospf", "route", "system", "vrrp")


@pytest.mark.parametrize("look", LOOKS)
def test_looks_as_table_and_as_json_say_the_same(operator, look, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    table = operator("show", look, "luna")
    found = json.loads(operator("show", look, "-l", "luna", "--json").out)
    assert found["rows"] or "luna" in found["not_running"] or look == "alarms"
    assert found["unknown"] == {}
    flat = "".join(table.out.split())
    for row in found["rows"]:
        assert next(iter(row.values())) == "luna"
        assert all("".join(str(value).split()) in flat for value in row.values())
    for words in found["not_running"].values():
        assert f"luna: {words}" in table.err


def test_routes_to_one_prefix_of_two_routers_named_before_and_after_it(operator):
    found = json.loads(operator("show", "route", "luna", "10.0.0.3/32", "orcus", "--json").out)
    assert {row["router"] for row in found["rows"]} == {"luna", "orcus"}
    assert {row["prefix"] for row in found["rows"]} == {"10.0.0.3/32"}


def test_a_command_of_the_cli_as_text_json_and_xml(operator):
    text = operator("show", "raw", "show version", "luna", "orcus")
    assert text.code == 0
    assert [line for line in text.out.splitlines() if line.startswith(("luna:", "Host"))] == [
        "luna:",
        "Hostname: luna",
        "Hostname: orcus",
    ]
    answers = json.loads(operator("show", "raw", "show version", "luna", "--json").out)["answers"]
    assert "software-information" in answers["luna"]
    assert (
        "<host-name>luna</host-name>"
        in operator("show", "raw", "show version", "luna", "--xml").out
    )


def test_secrets_are_masked_in_what_a_router_prints(operator):
    result = operator("show", "raw", "show configuration system root-authentication", "luna")
    assert "SECRET-DATA" in result.out
    assert "$6$" not in result.out


def test_the_drill_is_survived_mended_and_leaves_no_trace(operator, tmp_path):
    with operator.session("juno") as session:
        before = session.configuration(style="set")
    report = tmp_path / "drill.json"
    result = operator("drill", "run", "juno-luna", "--confirm", "20m", "--json", str(report))
    assert result.code == 0, result.text[-3000:]
    with operator.session("juno") as session:
        assert session.configuration(style="set") == before
        assert not session.history()[0].pending
    run = json.loads(report.read_text())
    done = {each["router"] for each in run["timeline"] if each["kind"] in ("fault", "restore")}
    assert done == {"juno"}
    paths = {path["state"]: path["hops"] for path in run["paths"]}
    assert paths["before"] == paths["after"] == ["192.168.1.3", "4.0.0.22", "4.0.0.98", "10.0.0.3"]
    assert paths["during"] == ["192.168.1.3", "192.168.1.2", "4.0.0.46", "4.0.0.98", "10.0.0.3"]
    assert [phase["state"] for phase in run["phases"]] == [
        "steady",
        "primary-session-down",
        "steady",
    ]


def test_a_run_is_judged_again_offline_and_shown_again(operator, tmp_path):
    operator("verify", "-l", "liber")
    name = next((tmp_path / "runs").glob("*-verify-*")).name
    again = operator("verify", "-l", "liber", "--from", name, lab=False)
    assert again.code == 0, again.text[-2000:]
    assert operator("report", name, lab=False).last.startswith("PASS")


@pytest.mark.deep
def test_values_swapped_in_the_intent_move_the_traffic_to_the_other_leg(operator):
    intent = operator.project / "inventory" / "ipvpn.yaml"
    text = intent.read_text()
    swapped = text.replace("local-preference: 150", "local-preference: @").replace(
        "local-preference: 10\n", "local-preference: 150\n"
    )
    swapped = swapped.replace("local-preference: @", "local-preference: 10")
    swapped = swapped.replace("med: 150", "med: @").replace("med: 10\n", "med: 150\n")
    swapped = swapped.replace("med: @", "med: 10")
    assert swapped != text
    catalogue = operator.project / "checks" / "steady.yaml"
    written = catalogue.read_text()
    try:
        intent.write_text(swapped)
        catalogue.unlink()  # it states the article's own figures
        result = operator("apply", "--yes", "--wait", "60s", "--confirm", "20m")
        assert result.code == 0, result.text[-3000:]
        found = json.loads(operator("show", "path", "saturn", "genius", "--json").out)
        assert found["routers"] == ["saturn", "luna", "orcus", "ceres", "liber", "genius"]
        back = json.loads(operator("show", "path", "genius", "saturn", "--json").out)
        assert "orcus" in back["routers"]
        assert "juno" not in back["routers"]
    finally:
        intent.write_text(text)
        catalogue.write_text(written)
        assert operator("apply", "--yes", "--wait", "60s", "--confirm", "20m").code == 0


@pytest.mark.deep
def test_a_rehearsal_of_tonights_change_leaves_the_routers_alone(operator):
    intent = operator.project / "inventory" / "ipvpn.yaml"
    text = intent.read_text()
    catalogue = operator.project / "checks" / "steady.yaml"
    written = catalogue.read_text()
    with operator.session("juno") as session:
        before = (session.configuration(style="set"), session.history())
    try:
        intent.write_text(text.replace("med: 10\n", "med: 20\n", 1))
        catalogue.write_text(
            written.replace("med: 10\n", "med: 20\n").replace("med: 10,", "med: 20,")
        )
        result = operator("rehearse")
    finally:
        intent.write_text(text)
        catalogue.write_text(written)
    assert result.code == 0, result.text[-3000:]
    assert "juno +1 -1 lines" in result.text
    assert "passed; fault removed" in result.text
    with operator.session("juno") as session:
        assert (session.configuration(style="set"), session.history()) == before
