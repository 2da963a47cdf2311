from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from multihome.errors import InvalidFile
from multihome.inventory.document import Loc, dotted, read_document

TEXT = """\
# a comment
vpn:
  name: ipvpn
  legs:
    - med: 10
      role: primary
    - {med: 150, role: backup}
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "file.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("loc", "line"),
    [
        ((), 2),
        (("vpn", "name"), 3),
        (("vpn", "legs", 0, "role"), 6),
        (("vpn", "legs", 1, "med"), 7),
        (("vpn", "legs", 1, "missing", "deeper"), 7),
        (("nowhere",), 2),
    ],
)
def test_each_key_knows_its_line_and_a_missing_one_that_of_its_surroundings(
    tmp_path: Path, loc: Loc, line: int
):
    assert read_document(write(tmp_path, TEXT)).line(loc) == line


def test_sequences_come_as_tuples(tmp_path: Path):
    assert read_document(write(tmp_path, "a: [1, two, '3']")).data == {"a": (1, "two", "3")}


def test_an_empty_file_is_an_empty_mapping(tmp_path: Path):
    assert read_document(write(tmp_path, "# nothing\n")).data == {}


def test_every_key_written_twice_is_told_with_both_lines(tmp_path: Path):
    path = write(tmp_path, "a: 1\nb:\n  c: 1\n  c: 2\na: 3\n")
    with pytest.raises(InvalidFile) as caught:
        read_document(path)
    assert [(p.line, p.key) for p in caught.value.problems] == [(4, "b.c"), (5, "a")]
    assert "first on line 3" in caught.value.problems[0].message


@pytest.mark.parametrize(
    ("text", "line"), [("a: [1\nb: 2\n", 2), ("a: b: c\n", 1), ("\ta: 1\n", 1), ("a: *x\n", 1)]
)
def test_what_is_no_yaml_names_its_line(tmp_path: Path, text: str, line: int):
    with pytest.raises(InvalidFile) as caught:
        read_document(write(tmp_path, text))
    assert caught.value.problems[0].line == line


def test_a_file_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(InvalidFile, match=r"absent\.yaml: No such file"):
        read_document(tmp_path / "absent.yaml")


def test_bytes_that_are_no_text_are_an_error_and_no_traceback(tmp_path: Path):
    path = tmp_path / "file.yaml"
    path.write_bytes(b"a: \xff\xfe")
    with pytest.raises(InvalidFile, match="not UTF-8"):
        read_document(path)


def test_an_alias_of_its_own_surroundings_is_refused(tmp_path: Path):
    with pytest.raises(InvalidFile, match="alias of something around it"):
        read_document(write(tmp_path, "a: &x [1, *x]\n"))


def test_an_alias_of_something_else_is_its_value(tmp_path: Path):
    assert read_document(write(tmp_path, "a: &x [1]\nb: *x\n")).data == {"a": (1,), "b": (1,)}


def test_a_location_reads_like_a_path():
    assert dotted(("vpns", "ipvpn", "legs", 1, "med")) == "vpns.ipvpn.legs[1].med"


keys = st.text("abcdefgh", min_size=1, max_size=6)
values = st.recursive(
    st.integers() | st.booleans() | st.none() | st.text("xyz 12", max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=12,
)


def tuples(value: object) -> object:
    if isinstance(value, dict):
        return {key: tuples(item) for key, item in value.items()}
    return tuple(map(tuples, value)) if isinstance(value, list) else value


@given(st.dictionaries(keys, values, max_size=4))
def test_what_was_written_is_what_is_read(tmp_path_factory: pytest.TempPathFactory, data: dict):
    path = tmp_path_factory.mktemp("yaml") / "file.yaml"
    with path.open("w") as stream:
        YAML(typ="safe", pure=True).dump(data, stream)
    assert read_document(path).data == tuples(data)
