"""Laws of the formats, the diff and the load actions, on configurations drawn from the grammar."""

from datetime import UTC, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from multihome.twin.config.checks import missing_statements
from multihome.twin.config.database import Database
from multihome.twin.config.draft import Draft
from multihome.twin.config.formats.diff import diff_text
from multihome.twin.config.formats.diff_xml import diff_xml
from multihome.twin.config.formats.set_format import Commands, print_set
from multihome.twin.config.formats.text_format import print_text
from multihome.twin.config.formats.xml_format import print_json, print_xml
from multihome.twin.config.grammar.junos import grammar
from multihome.twin.config.grammar.pattern import Choice, Value
from multihome.twin.config.grammar.statement import Kind
from multihome.twin.config.history import CommitRequest
from multihome.twin.config.inherit import effective
from multihome.twin.config.load import load, parse
from multihome.twin.config.tree import Node
from multihome.twin.config.words import quote, speakable

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TOPS = sorted(
    ["apply-macro", *(each.keyword for each in grammar().children.values() if not each.open)]
)
SAMPLES = {
    "any": ["x", "a b", "5", 'say "hi"', "$9$abc"],
    "text": ["words", "two words", "semi;colon", "brace{", "back\\slash", "#hash"],
    "word": ["alpha", "beta", "gamma", "delta"],
    "regex": [".*", "^65000:.*$", "1 2 3"],
    "secret": ["$9$tAvZO1EleMWL7wYDHqfF3"],
    "hash": ["$6$salt$hash"],
    "uint": ["1", "42"],
    "int": ["-5", "7"],
    "size": ["10m", "5"],
    "address": ["10.0.0.1", "10.0.0.2", "2001:db8::1"],
    "prefix": ["10.0.0.0/24", "0.0.0.0/0", "2001:db8::/32"],
    "inet": ["10.0.0.1/24", "10.0.0.2/32"],
    "area": ["0.0.0.1", "0.0.0.2"],
    "as": ["65000", "1.10"],
    "iso": ["49.0001.0000.0000.0001.00"],
    "mac": ["00:11:22:33:44:55"],
    "ifd": ["ge-0/0/0", "xe-0/1/0", "ae0", "lo0"],
    "ifl": ["ge-0/0/0.0", "xe-0/1/0.5", "lo0.0"],
}


def words_of(draw, kind):
    if kind in SAMPLES:
        return draw(st.sampled_from(SAMPLES[kind]))
    part = draw(st.sampled_from(kind.split("|")))
    if ".." in part:
        low, high = map(int, part.split(".."))
        return str(draw(st.integers(low, min(high, low + 3))))
    return words_of(draw, part[1:]) if part[0] == "@" else part


def alternative_words(draw, alternative):
    words = [alternative.word] if alternative.word else []
    if alternative.value and not (alternative.optional and draw(st.booleans())):
        words.append(words_of(draw, alternative.value.kind))
    return words


def key_words(draw, statement):
    words = []
    for item in statement.keys:
        if isinstance(item, Value):
            words.append(words_of(draw, item.kind))
        elif isinstance(item, Choice):
            words += alternative_words(draw, draw(st.sampled_from(item.alternatives)))
        else:
            words.append(item)
    if statement.value is not None:
        words.append(words_of(draw, statement.value.kind))
    return words


def phrase_words(draw, phrase):
    words = []
    if phrase.choice.alternatives:
        words = alternative_words(draw, draw(st.sampled_from(phrase.choice.alternatives)))
    for option in phrase.options:
        if not words or draw(st.integers(0, 3)) == 0:
            words += alternative_words(draw, option)
    return words


def tail(draw, statement, depth):
    """Words for a statement's own values and for what stands below it."""
    if statement.kind in (Kind.LEAF, Kind.LEAF_LIST):
        return [words_of(draw, statement.value.kind)]
    if statement.kind is Kind.PHRASE:
        return phrase_words(draw, statement.phrase)
    if statement.kind is Kind.FLAG:
        return []
    words = key_words(draw, statement) if statement.kind is Kind.LIST else []
    below = [*statement.children.values(), *([statement.entry] if statement.entry else [])]
    below = [each for each in below if not each.open and each.keyword not in ("when", "rcsid")]
    stop = depth > 9 or (
        (statement.kind is Kind.LIST or statement.presence) and draw(st.integers(0, 4)) == 0
    )
    if not below or stop:
        return words
    child = draw(st.sampled_from(below))
    return words + ([] if child.hidden else [child.keyword]) + tail(draw, child, depth + 1)


@st.composite
def lines(draw, focus=None):
    path = focus or (draw(st.sampled_from(TOPS)),)
    statement = grammar()
    at = 0
    while at < len(path):
        found = statement.find(path[at])
        at, statement = (at + 1, found) if found else (at, statement.entry)
        at += len(statement.keys) if statement.kind is Kind.LIST else 0
    rest = tail(draw, statement, len(path))
    if focus and statement.kind is Kind.LIST:
        rest = rest[len(statement.keys) :]
    return " ".join(["set", *path, *map(quote, rest)])


FOCUS = (
    ("policy-options", "policy-statement", "P"),
    ("policy-options",),
    ("interfaces", "ge-0/0/0", "unit", "0"),
    ("protocols", "bgp", "group", "G"),
    ("routing-options", "static"),
    ("firewall", "family", "inet", "filter", "F"),
    ("system", "syslog"),
    ("routing-instances", "V", "protocols"),
)


@st.composite
def trees(draw):
    """A tree made by `set` lines, some of its statements deactivated or annotated."""
    text = draw(st.lists(lines(), min_size=1, max_size=8))
    extra = []
    for line in text:
        mark = draw(st.integers(0, 11))
        if mark == 0:
            extra.append(line.replace("set", "deactivate", 1))
        elif mark == 1:
            extra.append(line.replace("set", "protect", 1))
    return made(text, extra)


def made(text, extra):
    """A tree of `set` lines, all of which must be understood, and of marks, which need not."""
    draft = Draft()
    assert Commands(draft).run("\n".join(text)) == []
    Commands(draft).run("\n".join(extra))
    return draft.finish()


@st.composite
def commented(draw):
    tree = draw(trees())
    if draw(st.booleans()):
        for child in tree.children:
            child.comment = draw(st.sampled_from([None, "a remark", "two\nlines"]))
    return tree


@st.composite
def related(draw):
    """Two trees that share most of their lines, in different orders, with marks here and there."""
    focus = draw(st.sampled_from(FOCUS))
    pool = draw(st.lists(lines(focus), min_size=2, max_size=10))
    return tuple(
        built(draw, draw(st.permutations(pool))[: draw(st.integers(1, len(pool)))])
        for _ in range(2)
    )


def built(draw, text):
    extra = []
    for line in text:
        words = line.split()
        path = " ".join(words[1 : draw(st.integers(3, max(3, len(words))))])
        mark = draw(st.integers(0, 9))
        if mark < 2:
            extra.append(("deactivate", "protect")[mark] + f" {path}")
        elif mark == 2:
            extra.append(f'annotate {path} "a remark"')
    return made(text, extra)


def agree(left: Node, right: Node) -> None:
    assert print_text(left) == print_text(right)
    assert diff_text(left, right) == ""


@given(trees())
def test_set_lines_read_back_as_they_were_printed(tree):
    outcome = parse(print_set(tree), "set")
    assert outcome.problems == ()
    agree(outcome.root, tree)


@given(commented())
def test_brace_text_reads_back_as_it_was_printed(tree):
    outcome = parse(print_text(tree), "text")
    assert outcome.problems == ()
    agree(outcome.root, tree)


@given(commented())
def test_xml_reads_back_as_it_was_printed(tree):
    outcome = parse(print_xml(tree), "xml")
    assert outcome.problems == ()
    agree(outcome.root, tree)


@given(commented())
def test_json_reads_back_as_it_was_printed(tree):
    outcome = parse(print_json(tree), "json")
    assert outcome.problems == ()
    agree(outcome.root, tree)


@given(commented(), commented())
def test_a_diff_loaded_as_a_patch_makes_the_other_tree(old, new):
    outcome = load(old, diff_text(old, new), action="patch")
    assert outcome.problems == ()
    agree(outcome.root, new)


@given(related())
def test_a_diff_of_related_trees_makes_one_of_the_other(pair):
    old, new = pair
    outcome = load(old, diff_text(old, new), action="patch")
    assert outcome.problems == ()
    agree(outcome.root, new)


@given(st.sampled_from(FOCUS).flatmap(lambda focus: st.lists(lines(focus), min_size=2)), st.data())
def test_a_diff_as_elements_makes_one_of_the_other(pool, data):
    old, new = (
        made(data.draw(st.permutations(pool))[: data.draw(st.integers(1, len(pool)))], [])
        for _ in range(2)
    )
    difference = diff_xml(old, new, "urn:junos")
    assert (difference is None) == (diff_text(old, new) == "")
    if difference is not None:
        outcome = load(old, difference, format="xml")
        assert outcome.problems == ()
        # An entry with a key of several words cannot be named as the place to go to.
        assert sorted(print_set(outcome.root).split("\n")) == sorted(print_set(new).split("\n"))


@given(trees(), st.data())
def test_a_diff_of_reordered_entries_makes_the_other_order(tree, data):
    new = shuffled(tree, data)
    outcome = load(tree, diff_text(tree, new), action="patch")
    assert outcome.problems == ()
    agree(outcome.root, new)


def shuffled(node, data):
    copy = node.twin()
    children = [shuffled(child, data) for child in node.children]
    copy.arrange(data.draw(st.permutations(children)))
    return copy


@given(trees(), trees())
def test_merging_twice_is_merging_once(base, other):
    text = print_text(other)
    once = load(base, text, action="merge").root
    agree(load(once, text, action="merge").root, once)


@given(trees(), trees())
def test_a_load_leaves_the_tree_it_started_from_alone(base, other):
    before = print_text(base)
    load(base, print_set(other), action="set")
    load(base, print_text(other), action="replace")
    assert print_text(base) == before


@given(st.lists(trees(), min_size=1, max_size=5))
def test_every_rollback_brings_back_what_was_committed(versions):
    database = Database(lambda _: (), lambda _: None)
    database.open(1, "ops", NOW)
    rooted = "set system root-authentication encrypted-password x"
    versions = [load(tree, rooted, action="set").root for tree in versions]
    meant = [effective(tree) for tree in versions]
    assume(not any(missing_statements(tree, tree) for tree in meant))
    for tree in versions:
        database.load(1, print_text(tree), NOW, action="override")
        assert database.commit(1, CommitRequest(), NOW).ok
    for number, tree in enumerate(reversed(versions)):
        assert database.rollback(1, number, NOW) is None
        agree(database.candidate(1), tree)


@given(trees())
def test_what_is_effective_stays_as_it_is(tree):
    once = effective(tree)
    assert print_text(effective(once)) == print_text(once)


@given(st.text(max_size=40))
def test_a_quoted_word_reads_back(word):
    outcome = parse(f"set system login message {quote(word)}", "set")
    assert outcome.root.get("system", "login").leaf("message") == speakable(word)


@pytest.mark.parametrize("text", ["", "   ", "# nothing\n", "/* only a remark */"])
def test_nothing_is_read_as_nothing(text):
    assert parse(text, "text").problems == ()
    assert len(parse(text, "text").root) == 0
