"""Texts say what they mean at first reading: words that need a second one stay out."""

import ast

import pytest
from wording import ROOT, SOURCE, literals, numbered, prose, unwanted

ROOMS = sorted(path.name for path in SOURCE.iterdir() if any(path.glob("*.py")))
READMES = sorted(
    path
    for folder in (".", "inventory", "templates", "checks", "tests/benchmarks", "src/multihome")
    for path in (ROOT / folder).glob("*.md")
)
TEMPLATES = sorted(SOURCE.glob("**/*.j2"))
CEILING: dict[str, int] = {
    "adopt": 7,
    "check": 7,
    "intent": 23,
    "inventory": 1,
    "render": 4,
    "report": 13,
    "state": 7,
    "twin": 22,
}
"""Unwanted words in docstrings and comments, by room; lower a number where fewer are left."""


@pytest.mark.parametrize("room", ROOMS)
def test_no_text_of_the_program_needs_a_second_reading(room: str) -> None:
    found = {
        str(path.relative_to(SOURCE)): words
        for path in (SOURCE / room).rglob("*.py")
        if (words := unwanted(literals(ast.parse(path.read_text(encoding="utf-8")))))
    }
    assert found == {}


@pytest.mark.parametrize("path", READMES + TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_that_a_reader_opens_needs_one(path) -> None:
    assert unwanted(numbered(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("room", ROOMS)
def test_docstrings_and_comments_get_plainer_and_never_less_so(room: str) -> None:
    found = [
        f"{path.relative_to(SOURCE)}:{line}: {word}"
        for path in sorted((SOURCE / room).rglob("*.py"))
        for line, word in unwanted(prose(path))
    ]
    ceiling = CEILING.get(room, 0)
    assert len(found) <= ceiling, found if ceiling == 0 else f"at most {ceiling}"
    assert len(found) > ceiling * 0.8 - 1, f"lower the ceiling of {room} to {len(found)}"


def test_the_lists_are_not_empty_and_the_words_are_found() -> None:
    assert len(ROOMS) > 10
    assert len(READMES) > 4
    assert TEMPLATES
    module = 'X = "Nobody was\\ntold."\n'
    assert unwanted(literals(ast.parse(module))) == [(1, "Nobody"), (1, "told")]
    verb = '@app.command("x")\ndef run():\n    """Tell all."""\n'
    assert unwanted(literals(ast.parse(verb))) == [(3, "Tell")]
    documented = 'def f():\n    """Tell all."""\n    return "at least, stands for"\n'
    assert unwanted(literals(ast.parse(documented))) == []
