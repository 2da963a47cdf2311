"""Exact unless asked otherwise."""

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from multihome.intent import matcher
from multihome.intent.matcher import accepts

TEXT = TypeAdapter(matcher.Text)
NUMBER = TypeAdapter(matcher.Number)
ADDRESS = TypeAdapter(matcher.Address)


@pytest.mark.parametrize(
    ("form", "good", "bad"),
    [
        (10, [10, 10.0], [11, "10", None, True]),
        ({"at least": 10}, [10, 11], [9, None, "11", True]),
        ({"at most": 10}, [10, -1], [11, None]),
        ({"between": [10, 20]}, [10, 15, 20], [9, 21, None]),
        ({"near": 5, "tolerance": 2}, [3, 7, 5.5], [2.9, 7.1, None]),
        ({"one of": [1, 3]}, [1, 3], [2, None]),
        ({"absent": True}, [None], [0, "", 1]),
        (1, [1], [True]),
    ],
)
def test_numbers(form, good, bad):
    expected = NUMBER.validate_python(form)
    assert all(accepts(expected, each) for each in good)
    assert not any(accepts(expected, each) for each in bad)


@pytest.mark.parametrize(
    ("form", "good", "bad"),
    [
        ("10.0.0.1", ["10.0.0.1"], ["10.0.0.11", "10.0.0.1 ", None]),
        ({"matches": r"10\.0\.0\.1"}, ["10.0.0.1"], ["10.0.0.11", "210.0.0.1", None]),
        ({"matches": "Establ.*"}, ["Established"], ["NotEstablished"]),
        ({"one of": ["up", "down"]}, ["up"], ["u", None]),
        ({"absent": True}, [None], ["x"]),
    ],
)
def test_texts(form, good, bad):
    expected = TEXT.validate_python(form)
    assert all(accepts(expected, each) for each in good)
    assert not any(accepts(expected, each) for each in bad)


def test_addresses():
    inside = ADDRESS.validate_python({"within": "10.0.0.0/30"})
    assert accepts(inside, ip_address("10.0.0.2"))
    assert not accepts(inside, ip_address("10.0.0.4"))
    assert not accepts(inside, ip_address("::1"))
    assert not accepts(inside, None)
    either = ADDRESS.validate_python({"one of": ["10.0.0.1", "::1"]})
    assert accepts(either, ip_address("::1"))
    assert not accepts(either, ip_address("10.0.0.2"))


@pytest.mark.parametrize(
    ("adapter", "form"),
    [
        (NUMBER, "10"),
        (NUMBER, True),
        (NUMBER, {"at least": "10"}),
        (NUMBER, {"at least": 1, "at most": 2}),
        (NUMBER, {"matches": "1"}),
        (NUMBER, {"between": [20, 10]}),
        (NUMBER, {"near": 5, "tolerance": -1}),
        (NUMBER, {"one of": []}),
        (NUMBER, {"att least": 1}),
        (NUMBER, {}),
        (TEXT, 10),
        (TEXT, {"matches": "("}),
        (ADDRESS, 10),
        (ADDRESS, "10.0.0"),
        (ADDRESS, {"within": "10.0.0.1/30"}),
        (ADDRESS, {"absent": False}),
    ],
)
def test_what_is_no_value_is_refused(adapter, form):
    with pytest.raises(ValidationError):
        adapter.validate_python(form)


@given(st.integers(), st.integers())
def test_at_least_and_at_most_leave_nothing_out(bound, value):
    low = matcher.AtLeast(at_least=bound)
    high = matcher.AtMost(at_most=bound)
    assert accepts(low, value) or accepts(high, value)
    assert (accepts(low, value) and accepts(high, value)) == (bound == value)


@given(st.text())
def test_a_text_accepts_itself_and_nothing_longer(text):
    assert accepts(text, text)
    assert not accepts(text, text + "1")


def test_matchers_are_words_that_people_read():
    assert str(matcher.AtLeast(at_least=3)) == "at least 3"
    assert str(matcher.Between(between=(1, 2))) == "1 to 2"
    assert str(matcher.Within(within=ip_network("10.0.0.0/8"))) == "an address of 10.0.0.0/8"
    assert str(matcher.Absent()) == "none"
