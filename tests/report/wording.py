"""What a person reads in the project: texts of the program, of its files, and of its source."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "multihome"

UNWANTED = re.compile(
    r"\b(?:told|tells?|telling|somebody(?:'s)?|nobody(?:'s)?|whoever|whom|lest"
    r"|mend(?:s|ed|ing)?|stands(?! for\b)|there is none|it is none|they are none"
    r"|as it must be|there it is|as it was(?! (?:before|read|written|sent)\b))\b",
    re.IGNORECASE,
)
"""Words and turns that a reader at 3 am has to read twice."""

_DOCUMENTED = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def literals(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The line and text of every string that is a value: no docstring, no documented attribute."""
    documentation = {id(node) for node in _documentation(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if id(node) not in documentation:
                yield node.lineno, node.value
        elif isinstance(node, _DOCUMENTED) and _is_help(node):
            yield node.body[0].lineno, ast.get_docstring(node) or ""


def prose(path: Path) -> Iterator[tuple[int, str]]:
    """The line and text of every docstring and comment of a module."""
    source = path.read_text(encoding="utf-8")
    for node in _documentation(ast.parse(source)):
        yield node.lineno, str(node.value)
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def numbered(text: str) -> Iterator[tuple[int, str]]:
    """The paragraphs of a text, each with its first line's number."""
    line = 1
    for paragraph in text.split("\n\n"):
        yield line, paragraph
        line += paragraph.count("\n") + 2


def unwanted(texts: Iterator[tuple[int, str]]) -> list[tuple[int, str]]:
    """Every unwanted word, with the first line of its text."""
    # Line breaks are blanks: a turn of several words may be wrapped.
    found = ((line, UNWANTED.findall(" ".join(text.split()))) for line, text in texts)
    return list(chain.from_iterable(((line, word) for word in words) for line, words in found))


def _documentation(tree: ast.Module) -> Iterator[ast.Constant]:
    """Strings that are statements of their own: docstrings and notes below an attribute."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ):
            yield node.value


def _is_help(node: ast.AST) -> bool:
    """Whether the docstring is a verb's help: the function is registered with a decorator."""
    return isinstance(node, ast.FunctionDef) and any(
        isinstance(part, ast.Attribute) and part.attr in {"command", "callback"}
        for decorator in node.decorator_list
        for part in ast.walk(decorator)
    )
