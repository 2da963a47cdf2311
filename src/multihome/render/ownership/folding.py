"""A router's diff without the entries of the record, which need not be read one by one."""

from __future__ import annotations

import re

_HUNK = re.compile(r"^\[edit(?: .+)? apply-macro (multihome(?:-\S+)?)\]$")
_BLOCK = re.compile(r"^([+-])(\s+)apply-macro (multihome(?:-\S+)?) \{$")


def fold(diff: str) -> str:
    """The diff of `show | compare` with one line for each record that changes."""
    kept: list[str] = []
    counted: dict[str, int] = {}
    hunk, end = "", ""
    for line in diff.splitlines():
        block = _BLOCK.match(line)
        if line.startswith("["):
            found = _HUNK.match(line)
            hunk = found[1] if found else ""
        if block:
            hunk, end = block[3], f"{block[1]}{block[2]}}}"
            counted.setdefault(hunk, 0)
        elif line == end:
            hunk, end = "", ""
        elif not hunk:
            kept.append(line)
        elif line[:1] in "+-":
            counted[hunk] = counted.get(hunk, 0) + 1
    kept += [
        f"[record: {count} {'entry' if count == 1 else 'entries'} ({name})]"
        for name, count in counted.items()
    ]
    return "".join(f"{line}\n" for line in _without_empty_hunks(kept))


def _without_empty_hunks(lines: list[str]) -> list[str]:
    """Headings are left out if nothing of their hunk is left."""
    return [
        line
        for index, line in enumerate(lines)
        if not line.startswith("[edit")
        or (index + 1 < len(lines) and not lines[index + 1].startswith("["))
    ]
