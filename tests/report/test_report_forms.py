"""What every report keeps: the verdict, the counts, and that router text is only text."""

import json
import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from lxml import html as parser

from multihome.check.result import CheckResult, Finding, RunResult, Verdict
from multihome.errors import ExitCode, InvalidFile
from multihome.report import console, html, junit, markdown, store
from multihome.report.model import (
    Phase,
    exit_code,
    tally,
    troubles,
    verdict_line,
)
from multihome.report.text import safe

DRAWN = {"g", "rect", "path", "circle", "text", "title"}


def test_html_has_no_element_that_a_router_put_there(evil, run):
    text = html.to_html(evil)
    tree = parser.document_fromstring(text)
    assert not tree.xpath("//script | //img | //iframe | //object | //link | //a | //form")
    assert not tree.xpath("//@*[starts-with(name(), 'on')]")
    assert "<script" not in text
    assert "{{7*7}}" in text
    clean = parser.document_fromstring(html.to_html(run))
    for both in (clean, tree):
        assert {each.tag for each in both.xpath("//svg//*")} <= DRAWN
        for picture in both.xpath("//figure/svg"):
            picture.clear()  # longer texts take more lines there
    assert [each.tag for each in clean.iter()] == [each.tag for each in tree.iter()]


def test_html_needs_no_network(run):
    text = html.to_html(run)
    assert not re.search(r"https?:|//[a-z]|url\(|@import|src=", text)
    assert "default-src 'none'" in text


def test_html_tells_the_verdict_first_and_everything_else(run):
    tree = parser.document_fromstring(html.to_html(run))
    assert tree.xpath("//main/section[1]/strong/text()") == ["UNKNOWN"]
    drawn = tree.xpath("//figure//*[local-name()='svg' and @class='narrow']")
    assert len(drawn) == len(run.paths)
    head = " ".join(tree.xpath("//section[1]//text()"))
    assert "by ann@noc, ticket CHG-4711, multihome 1.2.3" in head
    assert tree.xpath(
        "//details[summary='Links, interfaces and addresses']//td[contains(., '4.0.0.21/30')]"
    )
    heads = tree.xpath("//h2/text()")
    assert [head.partition(":")[0] for head in heads] == [
        "What failed",
        "Where packets go",
        "Timeline",
        "Checks",
        "Checks",
        "Configuration",
        "Routers",
    ]
    assert tree.xpath("//td[contains(@class, 'fail') and contains(., '✗ 1/2')]")
    assert tree.xpath("//pre/ins[contains(., 'hold-time 10')]")


def test_junit_is_xml_and_its_case_names_are_unique(evil):
    root = ET.fromstring(junit.to_junit(evil))  # noqa: S314 - our own text
    names = [(each.get("classname"), each.get("name")) for each in root.iter("testcase")]
    assert len(set(names)) == len(names)


def test_junit_keeps_failure_error_and_skipped_apart(run):
    root = ET.fromstring(junit.to_junit(run))  # noqa: S314 - our own text
    assert [root.get(name) for name in ("tests", "failures", "errors", "skipped")] == [
        "9",
        "2",
        "2",
        "1",
    ]
    assert len(root.findall(".//failure")) == 2
    assert len(root.findall(".//error")) == 2
    assert len(root.findall(".//skipped")) == 1


def test_names_that_are_used_twice_are_told_apart_in_junit(run):
    twin = CheckResult("same", "r1", run.phases[1].result.results[0].findings, kind="path")
    doubled = replace(run, phases=(Phase("p", "steady", RunResult(2, (twin, twin))),))
    root = ET.fromstring(junit.to_junit(doubled))  # noqa: S314 - our own text
    assert len({each.get("name") for each in root.iter("testcase")}) == 2


def test_markdown_has_no_html_and_no_open_fence(evil):
    text = markdown.to_markdown(evil)
    outside = re.sub(r"(?ms)^```diff$.*?^```$", "", text)
    outside = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", outside.replace("\\`", ""))
    assert not re.search(r"(?<!\\)<", outside)
    assert text.count("\n```") % 2 == 0


def test_a_terminal_is_never_steered(evil):
    text = console.render_console(evil, verbose=True)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)


def test_the_console_is_legible_at_eighty_columns_and_ends_with_the_verdict(run, good_run):
    lines = console.render_console(run).splitlines()
    assert max(map(len, lines[:-1])) <= 80
    assert lines[-1] == verdict_line(run)
    assert console.render_console(good_run).splitlines()[-1] == (
        "PASS, ran 1 of 1, 12.3 s; exit 0: everything proven"
    )


def test_json_carries_hostile_text_unchanged(evil):
    assert store.from_json(store.to_json(evil)) == evil


def test_a_file_that_is_no_result_says_what_is_missing():
    with pytest.raises(InvalidFile, match="verb"):
        store.from_json(json.dumps({"schema_version": "1.0"}))
    with pytest.raises(InvalidFile, match=r"schema_version"):
        store.from_json(json.dumps({"schema_version": "2.0"}))
    with pytest.raises(InvalidFile):
        store.from_json("{")


def test_failures_of_one_cause_stand_together(run):
    found = troubles(run.phases[0].result)
    assert [(each.cause, len(each.findings)) for each in found] == [
        ("BGP session juno - luna", 2),
        ("mars: silent", 2),
        ("", 1),
    ]


def test_the_counts_leave_nothing_out(run):
    total = run.tally
    assert total.planned == total.passed + total.failed + total.warned + total.unknown == 9
    assert tally(RunResult(3, ())).unknown == 3


def test_exit_codes_of_checks(run):
    first = run.phases[0].result
    assert exit_code(first) is ExitCode.UNKNOWN
    known = tuple(each for each in first.results if each.verdict is not Verdict.UNKNOWN)
    assert exit_code(RunResult(len(known), known)) is ExitCode.FAILED
    assert exit_code(run.phases[1].result) is ExitCode.PROVEN
    assert exit_code(RunResult(0, ())) is ExitCode.NOTHING_TESTED
    assert exit_code() is ExitCode.NOTHING_TESTED
    warned = tuple(each for each in known if each.router == "luna")
    assert exit_code(RunResult(1, warned)) is ExitCode.PROVEN


def test_there_and_back_over_the_same_routers_is_one_picture(run):
    there = run.paths[0]
    back = replace(there, routers=there.routers[::-1])
    tree = parser.document_fromstring(html.to_html(replace(run, paths=(there, back))))
    assert len(tree.xpath("//figure")) == 1
    assert len(tree.xpath("//figure//span[@class='mono']")) == 2
    other = replace(back, routers=back.routers[1:])
    tree = parser.document_fromstring(html.to_html(replace(run, paths=(there, other))))
    assert len(tree.xpath("//figure")) == 2


def test_safe_text_is_one_line():
    assert safe("a\nb\x07\u202e") == "a b\\x07\\u202e"
    assert safe("Zürich → 東京") == "Zürich → 東京"


def test_one_check_of_each_of_many_kinds_is_a_number_and_what_failed_a_name():
    def of(router, bad=""):
        kinds = ("bfd", "route", "vrrp", "interface")
        return [
            CheckResult(
                kind,
                router,
                (Finding(router, "s", "a", "1", "2", Verdict(kind == bad)),),
                kind=kind,
            )
            for kind in kinds
        ]

    table = console.checks_table(RunResult(8, (*of("luna"), *of("orcus", "route"))))
    cells = [list(column.cells) for column in table.columns]
    assert [str(cell) for cell in cells[1]] == ["4 kinds", "route"]
    assert [str(cell) for cell in cells[2]] == ["PASS", "1 of 4 FAIL"]


def test_markdown_fits_into_a_ticket_however_many_checks_there_were(run):
    def failed(number):
        router = f"r{number % 15}"
        finding = Finding(
            router, f"inet.0 10.{number}.0.0/16", "med", "10", "20", Verdict.FAIL, cause="one"
        )
        return CheckResult(f"route {number}", router, (finding,), kind="route")

    phase = Phase("during", "steady", RunResult(900, tuple(map(failed, range(900)))))
    text = markdown.to_markdown(replace(run, phases=(phase, phase, phase)))
    assert len(text) < 30_000
    assert text.count("and 892 more") == 3
    assert text.count("| 60 route | 60 of 60 FAIL |") == 45


def luminance(colour):
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_every_text_is_told_from_what_is_behind_it(run, scheme):
    """WCAG 2.1: 4.5 to 1 for text, 3 to 1 for lines that mean something."""
    blocks = re.findall(r":root \{(.*?)\}", html.to_html(run), re.DOTALL)
    known = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", " ".join(blocks[: scheme + 1])))
    for text in ("ink", "faint"):
        for behind in ("paper", "card", "site"):
            assert contrast(known[text], known[behind]) >= 4.5, (text, behind)
    for soft in ("good", "bad", "warn", "odd", "way"):
        assert contrast(known["ink"], known[f"{soft}-soft"]) >= 4.5, soft
    for word in ("good", "bad", "warn", "odd"):
        assert contrast(known[word], known[f"{word}-soft"]) >= 4.5, word
    assert contrast(known["faint"], known["way-soft"]) >= 4.5
    assert contrast(known["faint"], known["odd-soft"]) >= 4.5
    for line in ("wire", "way", "bad"):
        assert contrast(known[line], known["card"]) >= 3, line
        assert contrast(known[line], known["site"]) >= 3, line


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
