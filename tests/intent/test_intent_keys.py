"""Key chains as an option of the intent: what is refused, rendered and expected."""

import pytest
from pydantic import SecretStr

from multihome.errors import InvalidFile, UsageError
from multihome.intent.expect import expectations
from multihome.intent.expectation import RpcXPath
from multihome.inventory.project import default_project
from multihome.render.render import render
from multihome.render.secrets import MissingSecrets, Secrets

USES = ("isis", "ldp", "ibgp", "pe-cpe", "cpe-cpe")
CHAINS = """
key-chains:
  spring:
    algorithm: sha-1
    tolerance: 60
    keys:
      7: {secret: first, start-time: 2020-01-01T00:00:00Z}
      8: {secret: second, start-time: "2031-06-01T02:30:00+02:00"}
"""


def chained(source, *uses):
    for use in uses or USES:
        source = source.replace(f"authentication-key: {use}", "authentication-key-chain: spring")
    return source + CHAINS


def lines_of(load, text, router):
    names = (*USES, "first", "second")
    secrets = Secrets({name: SecretStr(f"the {name}") for name in names})
    made = render(default_project(), load(text), router, secrets)
    return [line for line in made.statements if "chain" in line or "algorithm" in line]


def test_without_chains_nothing_of_them_is_rendered(load, source):
    assert lines_of(load, source, "juno") == []


def test_a_chain_is_rendered_once_and_named_by_each_protocol(load, source):
    lines = lines_of(load, chained(source), "juno")
    path = "set security authentication-key-chains key-chain spring"
    assert f"{path} tolerance 60" in lines
    assert f'{path} key 7 start-time "2020-1-1.00:00:00 +0000"' in lines
    assert f'{path} key 8 start-time "2031-6-1.00:30:00 +0000"' in lines
    assert f"{path} key 8 algorithm hmac-sha-1" in lines
    assert f"{path} key 8 options isis-enhanced" in lines
    assert "set protocols isis level 2 authentication-key-chain spring" in lines
    for place in (
        "protocols bgp group reflector",
        "routing-instances ipvpn protocols bgp group CPE",
        "protocols ldp session 10.0.0.6",
    ):
        assert f"set {place} authentication-key-chain spring" in lines
        assert f"set {place} authentication-algorithm hmac-sha-1-96" in lines
    assert len([line for line in lines if line.endswith("tolerance 60")]) == 1


def test_a_cpe_has_the_chains_that_it_uses_and_no_others(load, source):
    lines = lines_of(load, chained(source, "pe-cpe"), "luna")
    assert "set protocols bgp group pe-connection authentication-key-chain spring" in lines
    assert not any("algorithm hmac-sha-1\n" in f"{line}\n" for line in lines)
    assert lines_of(load, chained(source, "isis"), "luna") == []


def test_the_secrets_are_asked_for_by_the_name_of_each_key(load, source):
    intent = load(chained(source, "pe-cpe"))
    with pytest.raises(MissingSecrets) as caught:
        render(default_project(), intent, "luna", Secrets({"cpe-cpe": SecretStr("x")}))
    assert caught.value.names == ("first", "second")


def test_a_logical_system_has_no_key_chains(load, source):
    secrets = Secrets({name: SecretStr("x") for name in (*USES, "first", "second")})
    intent = load(chained(source, "pe-cpe"))
    with pytest.raises(UsageError, match=r"luna: key chain 'spring'.* not for logical system L1"):
        render(default_project(), intent, "luna", secrets, logical_system="L1")
    assert render(default_project(), intent, "mars", secrets, logical_system="L1").statements


@pytest.mark.parametrize(
    ("use", "routers"),
    [
        ("isis", {"liber", "ceres", "juno", "janus", "mars", "sol", "apollo", "jupiter"}),
        ("ldp", {"liber", "ceres", "juno", "janus", "mars", "sol", "apollo", "jupiter"}),
        ("ibgp", {"liber", "ceres", "juno", "janus"}),
        ("pe-cpe", {"juno", "luna", "ceres", "orcus"}),
        ("cpe-cpe", {"luna", "orcus"}),
    ],
    ids=USES,
)
def test_each_router_that_uses_a_chain_must_send_with_a_key_of_it(load, source, use, routers):
    wanted = [
        each
        for each in expectations(load(chained(source, use)))
        if isinstance(each, RpcXPath) and each.rpc == "get-hakr-keychain-information"
    ]
    assert {each.router for each in wanted} == routers
    assert len(wanted) == len(routers)


def test_what_a_chain_signs_is_expected_to_be_signed(load, source):
    def signed(text):
        found = expectations(load(text))
        return [getattr(each, "authentication", None) for each in found]

    assert [each for each in signed(chained(source)) if each is not None] == [
        each for each in signed(source) if each is not None
    ]


WRONG = [
    (("key-chain: spring", "key-chain: autumn"), "core.isis.authentication-key-chain", "unknown"),
    (
        ("key-chain: spring", "key-chain: spring\n    authentication-key: isis"),
        "core.isis.authentication-key-chain",
        "given beside `authentication-key`",
    ),
    (
        ('"2031-06-01T02:30:00+02:00"', '"2020-01-01T01:00:00+01:00"'),
        "key-chains.spring.keys.8.start-time",
        "key 7's start time",
    ),
    (("2020-01-01T00:00:00Z", "soon"), "key-chains.spring.keys.7.start-time", "not a time"),
    (("      8: ", "      64: "), "key-chains.spring.keys.64", "63"),
    (("algorithm: sha-1", "algorithm: sha-2"), "key-chains.spring.algorithm", "sha-1"),
]


@pytest.mark.parametrize(("change", "key", "words"), WRONG, ids=[f"{k}-{w}" for _, k, w in WRONG])
def test_a_chain_that_cannot_be_is_named_by_its_place(load, source, change, key, words):
    text = chained(source, "isis")
    assert change[0] in text
    with pytest.raises(InvalidFile) as caught:
        load(text.replace(*change, 1))
    [problem] = caught.value.problems
    assert problem.key.startswith(key)
    assert words in problem.message
