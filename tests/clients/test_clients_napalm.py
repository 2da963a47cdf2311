"""How NAPALM's Junos driver changes a router, and takes it back."""

import pytest

napalm = pytest.importorskip("napalm", reason="the extra `clients` is not installed")
pytestmark = [pytest.mark.clients, pytest.mark.filterwarnings("ignore")]
CHANGE = "set system domain-name example.net\n"


@pytest.fixture(
    params=[{"config_lock": True}, {"config_private": True}, {"lock_disable": True}, {}],
    ids=["locked", "private", "unlocked", "locking"],
)
def driver(edge, request):
    """A driver in each of its ways to share the candidate with others."""
    with opened(edge, **request.param) as one:
        yield one


def opened(router, **options):
    options = {"port": router.port, **options}
    return napalm.get_network_driver("junos")(
        router.host, router.username, router.password, optional_args=options
    )


def test_facts(driver, pair):
    pair.advance(60)
    facts = driver.get_facts()
    assert (facts["hostname"], facts["vendor"], facts["os_version"], facts["model"]) == (
        "edge",
        "Juniper",
        "21.4R3.15",
        "MX104",
    )
    assert facts["uptime"] >= 60
    assert "xe-0/0/0" in facts["interface_list"]


def test_a_merge_is_compared_committed_with_a_way_back_and_confirmed(driver, pair):
    driver.load_merge_candidate(config=CHANGE)
    assert "+  domain-name example.net;" in driver.compare_config()
    driver.commit_config(message="try", revert_in=60)
    assert driver.has_pending_commit()
    driver.confirm_commit()
    assert not driver.has_pending_commit()
    pair.advance(120)
    assert "example.net" in driver.get_config()["running"]


def test_a_commit_is_taken_back(edge):
    with opened(edge) as driver:
        driver.load_merge_candidate(config=CHANGE)
        driver.commit_config()
        driver.rollback()
        assert "example.net" not in driver.get_config()["running"]


def test_what_is_not_confirmed_comes_back(driver, pair):
    driver.load_merge_candidate(config=CHANGE)
    driver.commit_config(revert_in=60)
    pair.advance(61)
    assert "example.net" not in driver.get_config()["running"]
    assert not driver.has_pending_commit()


def test_a_replacement_takes_out_what_it_leaves_out(driver):
    whole = driver.get_config()["running"]
    driver.load_replace_candidate(config=whole.replace("description customer;", ""))
    assert "description customer" in driver.compare_config()
    driver.discard_config()
    assert driver.compare_config() == ""


@pytest.mark.parametrize(
    "data",
    [
        "system {\n    domain-name example.net;\n}\n",
        "<configuration><system><domain-name>example.net</domain-name></system></configuration>",
        '{"configuration": {"system": {"domain-name": "example.net"}}}',
        "delete snmp\nset system domain-name example.net\n",
    ],
    ids=["text", "xml", "json", "commands"],
)
def test_data_in_each_format(edge, data, tmp_path):
    (tmp_path / "change").write_text(data)
    with opened(edge, ignore_warning=["statement not found"]) as driver:
        driver.load_merge_candidate(filename=str(tmp_path / "change"))
        assert driver.compare_config() == "[edit system]\n+  domain-name example.net;"
        driver.discard_config()


def test_a_replacement_that_is_wrong_is_refused(driver):
    exception = napalm.base.exceptions.ReplaceConfigException
    with pytest.raises(exception, match="nonsense"):
        driver.load_replace_candidate(config="system {\n    nonsense;\n}\n")


def test_the_time_to_confirm_is_in_whole_minutes(driver):
    driver.load_merge_candidate(config=CHANGE)
    with pytest.raises(napalm.base.exceptions.CommitConfirmException, match="multiple of 60"):
        driver.commit_config(revert_in=50)
    driver.discard_config()


def test_two_drivers_do_not_both_hold_the_lock(edge):
    locked = {"config_lock": True}
    exception = napalm.base.exceptions.LockError
    waiting = opened(edge, **locked)
    with opened(edge, **locked), pytest.raises(exception, match="locked by"):
        waiting.open()
    waiting.close()  # not when it is forgotten: that would be in the twin's own thread
    with opened(edge, **locked) as driver:
        assert driver.is_alive()["is_alive"]


def test_a_bad_word_is_refused_by_name(driver):
    exception = napalm.base.exceptions.MergeConfigException
    with pytest.raises(exception, match="domain-nme"):
        driver.load_merge_candidate(config="set system domain-nme x\n")


def test_packets(driver):
    assert driver.ping("10.0.0.2", source="10.0.0.1")["success"]["packet_loss"] == 0
    assert "error" in driver.ping("198.51.100.1")
    hops = driver.traceroute("10.0.0.2")["success"]
    assert hops[1]["probes"][1]["ip_address"] == "10.0.0.2"
