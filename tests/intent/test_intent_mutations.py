"""Laws that hold for whatever is written into an intent."""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from multihome.errors import InvalidFile, Problem
from multihome.intent.model import Intent

Load = Callable[[str], Intent]
tokens = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=12) | st.sampled_from(
    [
        "null",
        "true",
        "7",
        "-1",
        "4.0.0.1/30",
        "[]",
        "{}",
        "{a: 1}",
        "luna",
        "primary",
        "'",
        "&x",
        "*x",
    ]
)


def problems(load: Load, text: str) -> tuple[Problem, ...]:
    try:
        load(text)
    except InvalidFile as error:
        return error.problems
    return ()


@given(st.data())
def test_any_value_replaced_by_anything_is_read_or_refused_with_its_line(
    load: Load, source: str, data: st.DataObject
):
    lines = source.splitlines()
    fields = [
        n for n, line in enumerate(lines) if ": " in line and not line.strip().startswith("#")
    ]
    number = data.draw(st.sampled_from(fields))
    key, _, _ = lines[number].partition(": ")
    lines[number] = f"{key}: {data.draw(tokens)}"
    for problem in problems(load, "\n".join(lines) + "\n"):
        assert problem.message
        assert problem.line is not None
        assert "\n" not in str(problem)


@given(st.data())
def test_a_misspelt_key_is_never_overlooked(load: Load, source: str, data: st.DataObject):
    lines = source.splitlines()
    fields = [
        n
        for n, line in enumerate(lines)
        if line.strip().partition(":")[0].replace("-", "").isalpha()
        and 109 < n < source[: source.index("other-links")].count("\n")
        and "{" not in line.partition(":")[0]
    ]
    number = data.draw(st.sampled_from(fields))
    indent = len(lines[number]) - len(lines[number].lstrip())
    key, colon, rest = lines[number].strip().partition(":")
    place = data.draw(st.integers(0, len(key)))
    misspelt = key[:place] + "q" + key[place:]
    lines[number] = " " * indent + misspelt + colon + rest
    text = "\n".join(lines) + "\n"
    if not problems(load, text):
        read = load(text)
        names = set(read.vpns)
        for vpn in read.vpns.values():
            names |= {*vpn.single_homed, *vpn.multihomed}
        assert misspelt in names  # a name that the operator is free to choose
