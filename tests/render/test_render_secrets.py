from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from multihome.errors import InvalidFile, UsageError
from multihome.render.secrets import MissingSecrets, Secrets, variable
from multihome.values.secret import reveal

latin = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40)


def of(**values: str) -> Secrets:
    return Secrets({name: SecretStr(value) for name, value in values.items()})


@given(latin.filter(lambda text: not text.startswith("$9$")))
def test_a_clear_secret_is_obfuscated_the_same_way_each_time(value: str):
    first = of(key=value).obfuscated("key", "luna")
    assert first == of(key=value).obfuscated("key", "juno")
    assert reveal(first) == value


def test_a_secret_in_its_obfuscated_form_is_kept():
    given_form = of(key="first").obfuscated("key", "luna")
    assert of(other=given_form).obfuscated("other", "luna") == given_form


def test_a_router_may_have_its_own_value():
    secrets = Secrets({"pe-cpe": SecretStr("all"), "pe-cpe@luna": SecretStr("luna's")})
    assert reveal(secrets.obfuscated("pe-cpe", "luna")) == "luna's"
    assert reveal(secrets.obfuscated("pe-cpe", "orcus")) == "all"


def test_the_environment_names_secrets_with_underscores():
    environ = {
        "MULTIHOME_SECRET_PE_CPE": "all",
        "MULTIHOME_SECRET_PE_CPE__EDGE_1": "one",
        "MULTIHOME_SECRET_EMPTY": "",
        "MULTIHOME_PASSWORD": "x",
    }
    secrets = Secrets.from_environment(environ)
    assert reveal(secrets.obfuscated("pe-cpe", "luna")) == "all"
    assert reveal(secrets.obfuscated("pe-cpe", "edge-1")) == "one"
    assert "empty" not in secrets
    assert variable("pe-cpe") in environ


def test_a_file_of_secrets_is_read_if_nobody_else_can(tmp_path: Path):
    path = tmp_path / "secrets.yaml"
    path.write_text("pe-cpe: all\npe-cpe@luna: one\n")
    path.chmod(0o600)
    assert reveal(Secrets.from_file(path).obfuscated("pe-cpe", "luna")) == "one"
    path.chmod(0o640)
    with pytest.raises(UsageError, match="chmod 600"):
        Secrets.from_file(path)


@pytest.mark.parametrize(
    ("text", "words"), [("- a\n", "must hold"), ("a: 1\n", "must be a text"), ("a: ''\n", "a text")]
)
def test_a_file_that_holds_something_else_is_refused(tmp_path: Path, text: str, words: str):
    path = tmp_path / "secrets.yaml"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(InvalidFile, match=words):
        Secrets.from_file(path)


def test_what_was_generated_can_be_saved_and_read_again(tmp_path: Path):
    path = tmp_path / "made.yaml"
    made = Secrets.generated(["a", "b"]) | Secrets({"a@luna": SecretStr('"quoted": \\ {x}')})
    made.save(path)
    assert path.stat().st_mode & 0o777 == 0o600
    read = Secrets.from_file(path)
    for name, router in (("a", "x"), ("b", "x"), ("a", "luna")):
        assert read.obfuscated(name, router) == made.obfuscated(name, router)
    assert Secrets.generated(["a"]).obfuscated("a", "x") != made.obfuscated("a", "x")


def test_the_later_of_two_sources_wins():
    assert reveal((of(a="one", b="two") | of(a="three")).obfuscated("a", "x")) == "three"


@pytest.mark.parametrize("value", ["sigma \N{GREEK SMALL LETTER SIGMA}", "$9$x", "$9$???"])
def test_what_junos_could_not_hold_is_refused_without_showing_it(value: str):
    with pytest.raises(UsageError, match="secret 'key' cannot be used") as caught:
        of(key=value).obfuscated("key", "luna")
    assert value not in str(caught.value)


def test_a_missing_secret_says_what_to_set():
    with pytest.raises(MissingSecrets, match="set MULTIHOME_SECRET_PE_CPE"):
        of().obfuscated("pe-cpe", "luna")


@given(latin)
def test_no_value_is_ever_shown(value: str):
    shown = repr(of(key=value))
    assert value not in shown or value in "Secrets(key)"
