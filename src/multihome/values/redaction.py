"""Taking secrets out of what people read: diffs, configurations, journals, messages.

By form (`$9$`, `$6$` and their kind, wherever they stand), by place (what follows a keyword
that Junos keeps secret) and by value (the secrets that a caller knows, and those that this
process was told to guard, whoever writes).
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MASK = "/* SECRET-DATA */"
"""What Junos prints to a user who may not see secrets."""

_FORM = re.compile(r"\$(?:1|2[aby]|5|6|8|9|sha1|argon2id?)\$[^\s\"'<>;]+")
_PLACE = re.compile(
    r"""(?P<keyword>\b(?:
        (?:[\w-]*-)?(?:authentication-key|password(?:-value)?|passphrase|shared-secret)
        | secret | ascii-text | hexadecimal
        | authentication-(?:md5|sha|key|password) | privacy-(?:aes128|des|key|password)
    )\s+)
    (?P<value>"[^"]*" | [^\s;{}<>\[\]"]+)""",
    re.VERBOSE,
)
_WORDS = frozenset({"$9$", "set", "delete", "md5", "text", "key", "is", "was", "or", "and", "for"})
_SHORTEST = 4
"""Shorter values are left to form and place: masking every `ab` would hide the text itself."""


_guarded: set[str] = set()


def guard(secrets: Iterable[str]) -> None:
    """Mask these values, too, in whatever this process redacts from now on."""
    _guarded.update(secrets)


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """The text without its secrets; what stands around them is unchanged."""
    for secret in _forms(frozenset((*_guarded, *secrets))):
        text = text.replace(secret, MASK)
    text = _FORM.sub(MASK, text)
    return _PLACE.sub(_masked, text)


@lru_cache
def _forms(secrets: frozenset[str]) -> tuple[str, ...]:
    """Each value as it is, and as it looks inside XML and JSON; the longest first."""
    known = {secret for secret in secrets if len(secret) >= _SHORTEST}
    forms = known.union(
        *(
            (escape(secret), escape(secret, quote=False), json.dumps(secret)[1:-1])
            for secret in known
        )
    )
    return tuple(sorted(forms, key=len, reverse=True))


def _masked(found: re.Match[str]) -> str:
    value = found["value"]
    if value.strip('"') == MASK or value.startswith("/*") or value in _WORDS:
        return found[0]
    return found["keyword"] + MASK
