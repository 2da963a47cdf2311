"""Every statement that Juniper publishes: the secret ones are masked in four forms, no other is."""

import gzip
import json
import re
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from multihome.values.redaction import MASK, redact

LISTED = Path(__file__).parents[3] / "shared/reference/junos-statements-21.4R1.tsv.gz"
CANARY = "c4narYvalue"
SECRET_NAMES = re.compile(
    r"(?:(?:[\w-]*-)?(?:password|secret|passphrase)(?:-value)?|(?:hello-)?authentication-key"
    r"|ascii-text|hexadecimal|shared-key|privacy-key|snmp-community|community-name|auth_key|keyname)"
)
NO_SECRETS = re.compile(r"client-identifier hexadecimal$")
MORE_SECRETS = re.compile(r"^snmp rmon event <name> community$|reconfigure token$")
SECRET_ENTRIES = ("snmp community <name>", "system license keys key <name>")

pytestmark = [
    pytest.mark.reference,
    pytest.mark.skipif(not LISTED.exists(), reason="no list of statements beside the checkout"),
]


def statements():
    for line in gzip.decompress(LISTED.read_bytes()).decode().splitlines():
        path, kind = line.split("\t")
        yield path, kind


def takes_a_value(kind):
    return kind.startswith(("leaf", "leaf-list")) and kind != "leaf empty"


def is_secret(path, kind):
    if "unreadable" in kind or MORE_SECRETS.search(path):
        return True
    textual = kind.startswith(("leaf string", "leaf union"))
    return textual and SECRET_NAMES.fullmatch(path.split()[-1]) and not NO_SECRETS.search(path)


def words_of(path, name="n4me"):
    """The path at the prompt."""
    path = re.sub(r"^interfaces (interface|interface-set) <", "interfaces <", path)
    path = re.sub(r"^routing-instances instance <", "routing-instances <", path)
    return [name if word.startswith("<") else word for word in path.split()]


def as_set(path, value):
    return f"set {' '.join(words_of(path))} {value}"


def as_text(path, value):
    *outer, leaf = words_of(path)
    opened = "".join(f"{'    ' * n}{word} {{\n" for n, word in enumerate(outer))
    return f"{opened}{leaf} {value};\n{'}' * len(outer)}\n"


def as_listing(path, value):
    """Braces as Junos prints them, an entry's name beside its list."""
    parts = path.split()
    lines, depth = [], 0
    while len(parts) > 1:
        head = parts.pop(0)
        while len(parts) > 1 and parts[0].startswith("<"):
            parts.pop(0)
            head += " n4me"
        lines.append(f"{'    ' * depth}{head} {{")
        depth += 1
    lines.append(f"{'    ' * depth}{parts[0]} {value};")
    return "\n".join([*lines, *("    " * n + "}" for n in range(depth - 1, -1, -1))])


def as_diff(path, value):
    *outer, leaf = words_of(path)
    return f"[edit {' '.join(outer)}]\n-   {leaf} {value};\n+   {leaf} {value};\n"


def as_xml(path, value):
    text = f"<{path.split()[-1]}>{escape(value)}</{path.split()[-1]}>"
    for word in reversed(path.split()[:-1]):
        text = f"<name>n4me</name>{text}" if word.startswith("<") else f"<{word}>{text}</{word}>"
    return f'<configuration xmlns="x">{text}</configuration>'


def as_json(path, value):
    inner = {path.split()[-1]: value}
    entry = False
    for word in reversed(path.split()[:-1]):
        if word.startswith("<"):
            inner, entry = {"name": "n4me", **inner}, True
        else:
            inner, entry = {word: [inner] if entry else inner}, False
    return json.dumps({"configuration": inner}, indent=1)


FORMS = [as_set, as_text, as_listing, as_diff, as_xml, as_json]
PLACES = [
    "{}",
    "groups g {}",
    "logical-systems ls {}",
    "groups g logical-systems ls {}",
    "tenants t {}",
]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_no_secret_leaf_leaks(form):
    leaves = [path for path, kind in statements() if is_secret(path, kind)]
    assert len(leaves) > 200
    for place in PLACES:
        for value in (CANARY, f'"{CANARY} with {CANARY}"'):
            written = [form(place.format(path), value) for path in leaves]
            assert [text for text in written if CANARY in redact(text)] == []


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_only_the_value_goes(form):
    for path, kind in statements():
        if is_secret(path, kind):
            masked = json.dumps(MASK)[1:-1] if form is as_json else MASK
            assert redact(form(path, CANARY)) == form(path, CANARY).replace(CANARY, masked)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_no_other_leaf_is_touched(form):
    written = [
        form(path, "v4lue")
        for path, kind in statements()
        if takes_a_value(kind) and not is_secret(path, kind) and not path.startswith(SECRET_ENTRIES)
    ]
    assert len(written) > 20_000
    step = 1 if form is as_set else 7
    assert [text for text in written[::step] if redact(text) != text] == []


def test_statements_without_a_value_stay():
    paths = [path for path, _ in statements() if not path.startswith(SECRET_ENTRIES)]
    written = [" ".join(["set", *words_of(path)]) for path in paths]
    assert [line for line in written if redact(line) != line] == []


@pytest.mark.parametrize("form", [as_set, as_listing, as_diff, as_xml, as_json])
@pytest.mark.parametrize("entry", SECRET_ENTRIES)
def test_the_name_of_a_secret_entry_goes_and_what_is_below_it_stays(entry, form):
    masked = json.dumps(MASK)[1:-1] if form is as_json else MASK
    below = [
        (path, kind)
        for path, kind in statements()
        if path.startswith(f"{entry} ") and takes_a_value(kind)
    ]
    for path, _ in below or [(f"{entry} note", "")]:
        text = form(path, "v4lue").replace("n4me", CANARY, 1)
        assert redact(text) == text.replace(CANARY, masked)
