"""Taking secrets out of what people read: diffs, configurations, journals, messages.

By form (`$9$`, `$6$` and their kind, anywhere; passwords in URLs; private keys), by what a
statement is (`secret_places`) and by value (the secrets that a caller knows, and those that
this process was asked to guard, from any source).
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from multihome.values.masking_text import MASK
from multihome.values.masking_tree import mask

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["MASK", "guard", "redact"]

_FORM = re.compile(r"\$(?:1|2[aby]|5|6|7|8|9|y|sha1|argon2id?)\$(?!\(hidden\))[^\s\"'<>;\\]+")
_URL = re.compile(r"(\b[A-Za-z][\w+.-]*://[^\s/:@\"'<>]*:)(?!/\*)[^\s/\"'<>]+@")
_SITE = re.compile(r"(\barchive-sites?\s+\"?[\w.-]+:)(?!/)[^\s/\"'<>]+@")
_QUERY = re.compile(
    r"([?&](?:password|passwd|secret|token|access_token|api_?key)=)(?!/\*)[^\s&\"'<>;]+"
)
_PRIVATE_KEY = re.compile(
    r"-----BEGIN ([A-Z ]*)PRIVATE KEY-----.*?(?:-----END \1PRIVATE KEY-----|\Z)", re.DOTALL
)
_TRIGGER = re.compile(
    r"passw|secret|SECRET|passphrase|-key\b|-psk\b|\bpsk\b|\bcak\b|ascii-text|hexadecimal|community"
    r"|\bmd5\b|privacy|authentication|reconfigure|\bkeys\b|apply-macro|arguments"
)
"""What any place of a secret has in its path; a text without is not read word by word."""
_SHORTEST = 4
"""Shorter values are left to form and place: masking every `ab` would hide the text itself."""


_guarded: set[str] = set()


def guard(secrets: Iterable[str]) -> None:
    """Mask these values, too, in whatever this process redacts from now on."""
    _guarded.update(secrets)


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """The text without its secrets; what is around them is unchanged."""
    text = redact_known(text, secrets)
    return mask(text) if _TRIGGER.search(text) else text


def redact_known(text: str, secrets: Iterable[str] = ()) -> str:
    """Without what is a secret in any text: by form and by value, wherever it is."""
    for secret in _forms(frozenset((*_guarded, *secrets))):
        text = text.replace(secret, MASK)
    text = _FORM.sub(MASK, text)
    if "://" in text or "archive-site" in text:
        text = _URL.sub(rf"\1{MASK}@", text)
        text = _SITE.sub(rf"\1{MASK}@", text)
        text = _QUERY.sub(rf"\1{MASK}", text)
    return _PRIVATE_KEY.sub(MASK, text) if "PRIVATE KEY" in text else text


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
