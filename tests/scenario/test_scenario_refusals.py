"""Bad input and bad luck: one clear message, the right exit code, nothing left behind."""

import pytest

from multihome.errors import ExitCode

pytestmark = [pytest.mark.scenario, pytest.mark.xdist_group("scenario")]


@pytest.fixture
def clean(operator):
    """No lock, no candidate, no pending confirm, no new commit on any router afterwards."""
    before = {}
    for router in operator.lab.routers:
        with operator.session(router.name) as session:
            before[router.name] = (session.configuration(style="set"), session.history())
    yield
    for name, (configuration, history) in before.items():
        with operator.session(name) as session:
            session.lock()
            assert session.diff() == ""
            session.unlock()
            assert session.configuration(style="set") == configuration
            assert session.history() == history


@pytest.fixture
def edited(operator):
    """Change a file of the project for one test."""
    kept = {}

    def edit(name, old, new):
        path = operator.project / name
        text = path.read_text()
        kept.setdefault(path, text)
        assert old in text
        path.write_text(text.replace(old, new, 1))

    yield edit
    for path, text in kept.items():
        path.write_text(text)


def test_a_misspelt_key_in_the_intent(operator, edited, clean):
    edited("inventory/ipvpn.yaml", "site-of-origin:", "site-of-orign:")
    for verb in ("plan", "apply", "verify", "render"):
        result = operator(verb)
        assert result.code == ExitCode.USAGE
        assert "ipvpn.yaml:" in result.err
        assert "site-of-orign" in result.err


def test_a_misspelt_key_in_a_check(operator, edited, clean):
    edited("checks/steady.yaml", "virtual-addresses:", "virtual-adresses:")
    result = operator("verify")
    assert result.code == ExitCode.USAGE
    assert "steady.yaml:" in result.err
    assert "virtual-adresses" in result.err


def test_a_misspelt_key_in_the_inventory(operator, edited, clean):
    edited("inventory/hosts.yaml", "hostname:", "hostnam:")
    result = operator("plan")
    assert result.code == ExitCode.USAGE
    assert "hosts.yaml:" in result.err
    assert "hostnam" in result.err


@pytest.mark.parametrize(
    "words",
    [
        ("verify", "-l", "junoo"),
        ("verify", "--tags", "nonsense"),
        ("verify", "--state", "nonsense"),
        ("verify", "--check", "nonsense"),
        ("apply", "-l", "junoo"),
        ("drill", "run", "nonsense"),
        ("show", "path", "saturn", "nobody"),
        ("status", "nonsense"),
        ("report", "nonsense"),
    ],
)
def test_an_unknown_name(operator, words):
    result = operator(*words)
    assert result.code == ExitCode.USAGE
    assert "unknown" in result.err
    assert words[-1] in result.err


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("route", "10.0.0.3/32", "10.0.0.4"), "one prefix or address at a time"),
        (("bgp", "10.0.0.3"), "unknown router, group or role '10.0.0.3'"),
        (("raw", "request system reboot"), "only commands that look"),
        (("raw", "show version | save /tmp/x"), "behind a bar only"),
    ],
)
def test_a_look_that_cannot_be_had(operator, words, why):
    result = operator("show", *words)
    assert result.code == ExitCode.USAGE
    assert why in result.err


def test_nothing_to_test_is_no_success(operator):
    result = operator("verify", "-l", "mars", "--tags", "service")
    assert result.code == ExitCode.NOTHING_TESTED


def test_a_syntax_error_in_a_template(operator, edited, clean):
    edited("templates/interfaces.j2", "{% endfor %}", "{% endfro %}")
    result = operator("apply", "--yes")
    assert result.code == ExitCode.USAGE
    assert "interfaces.j2:" in result.err


def test_an_undefined_name_in_a_template(operator, edited, clean):
    edited("templates/interfaces.j2", "port.description", "port.descripton")
    result = operator("apply", "--yes")
    assert result.code == ExitCode.USAGE
    assert "interfaces.j2:" in result.err
    assert "descripton" in result.err


def test_a_configuration_that_the_router_refuses(operator, edited, clean):
    edited("templates/routing-options.j2", "set routing-options", "set routing-optoins")
    result = operator("apply", "--yes")
    assert result.code in (ExitCode.USAGE, ExitCode.ROLLED_BACK)
    assert "routing-optoins" in result.text


def test_a_statement_that_the_commit_check_refuses(operator, edited, clean):
    edited("templates/bgp-site.j2", "export bgp-export", "export no-such-policy")
    result = operator("apply", "--yes")
    assert result.code == ExitCode.ROLLED_BACK
    assert "no-such-policy" in result.text
    assert "luna" in result.text


def test_a_wrong_password(operator, monkeypatch, clean):
    record = operator.state / "lab.json"
    text = record.read_text()
    secret = operator.lab.routers[0].password
    try:
        record.write_text(text.replace(secret, "not-the-password"))
        result = operator("verify", "-l", "luna")
        assert result.code == ExitCode.UNKNOWN
        assert "luna" in result.text
        assert "credentials" in result.text or "password" in result.text
        assert "not-the-password" not in result.text
        assert operator("apply", "--yes").code == ExitCode.UNKNOWN
    finally:
        record.write_text(text)


def test_a_changed_host_key(operator, clean):
    known = operator.state / "known_hosts"
    text = known.read_text()
    lines = text.splitlines()
    first, second = lines[0].split(), lines[1].split()
    try:
        known.write_text("\n".join([" ".join([first[0], *second[1:]]), *lines[1:], ""]))
        result = operator("verify", "-l", operator.lab.routers[0].name)
        assert result.code == ExitCode.UNKNOWN
        assert "HOST KEY" in result.text
        assert "SHA256:" in result.text
    finally:
        known.write_text(text)


def test_an_unreachable_router_makes_each_of_its_checks_unknown(operator):
    record = operator.state / "lab.json"
    text = record.read_text()
    port = next(each.port for each in operator.lab.routers if each.name == "luna")
    try:
        record.write_text(text.replace(f'"port": {port}', '"port": 1'))
        result = operator("verify")
        assert result.code == ExitCode.UNKNOWN
        assert "UNKNOWN luna" in result.text
        assert operator("apply", "--yes").code == ExitCode.UNKNOWN
    finally:
        record.write_text(text)


def test_a_missing_secret_names_the_variable_to_set(operator, monkeypatch):
    for name in ("USERNAME", "PASSWORD"):
        monkeypatch.setenv(f"MULTIHOME_{name}", "x")
    result = operator("plan", lab=False)
    assert result.code == ExitCode.USAGE
    assert "MULTIHOME_SECRET_PE_CPE" in result.err


def test_the_database_locked_by_somebody_else(operator, edited):
    edited("inventory/ipvpn.yaml", "med: 150", "med: 160")
    for name in ("steady", "steady", "primary-session-down"):  # which must not contradict it
        edited(f"checks/{name}.yaml", "med: 150", "med: 160")
    with operator.session("ceres") as holder:
        holder.lock()
        result = operator("apply", "--yes")
        assert result.code == ExitCode.REFUSED
        assert "ceres" in result.text
        assert "locked" in result.text
        holder.unlock()
