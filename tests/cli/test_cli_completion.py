"""What a shell is offered after the tab key: the real protocol, the real project."""

import pytest

from multihome.cli import app


@pytest.fixture
def complete(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("MULTIHOME_RUNS", str(tmp_path))
    monkeypatch.chdir(tmp_path)

    def complete(line):
        words = line.split()
        monkeypatch.setenv("_MULTIHOME_COMPLETE", "complete_bash")
        monkeypatch.setenv("COMP_WORDS", line)
        monkeypatch.setenv("COMP_CWORD", str(len(words) - (0 if line.endswith(" ") else 1)))
        with pytest.raises(SystemExit):
            app.run([])
        return capsys.readouterr().out.split()

    return complete


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("multihome veri", ["verify"]),
        ("multihome verify --state primary-l", ["primary-lan-down", "primary-link-down"]),
        ("multihome expect --state inter", ["inter-cpe-down"]),
        ("multihome verify -l sat", ["saturn"]),
        ("multihome snapshot pre --limit cp", ["cpe"]),
        ("multihome verify --site ", ["saturn"]),
        ("multihome verify --leg ", ["orcus"]),
        ("multihome verify --tags vr", ["vrrp"]),
        ("multihome verify --check saturn-r", ["saturn-reaches-genius"]),
        ("multihome checks explain bg", ["bgp-session"]),
        ("multihome drill run jun", ["juno-luna"]),
        ("multihome rehearse --drill luna-l", ["luna-lan"]),
        ("multihome trust lun", ["luna"]),
        ("multihome trust luna jun", ["juno"]),
        ("multihome lab connect lun", ["luna"]),
        ("multihome render luna orc", ["orcus"]),
        ("multihome show path saturn gen", ["genius"]),
        ("multihome show ldp", ["ldp", "ldp-neighbors"]),
        ("multihome show isis mar", ["mars"]),
        ("multihome show raw version lun", ["luna"]),
        ("multihome apply --canary cp", ["cpe"]),
        ("multihome lab up mar", ["mars"]),
        ("multihome lab fault li", ["link"]),
        ("multihome lab fault link jun", ["juno"]),
        ("multihome lab log lib", ["liber"]),
        ("multihome schema ", ["checks", "intent", "inventory", "result"]),
    ],
)
def test_names_are_completed(complete, line, offered):
    assert complete(line) == offered


def test_runs_and_snapshots_are_completed(complete, tmp_path):
    (tmp_path / "20260101T000000-verify-abcdef").mkdir()
    (tmp_path / "snapshots" / "pre").mkdir(parents=True)
    assert complete("multihome report 2026") == ["20260101T000000-verify-abcdef"]
    assert complete("multihome status 2026") == ["20260101T000000-verify-abcdef"]
    assert complete("multihome rollback 2026") == ["20260101T000000-verify-abcdef"]
    assert complete("multihome verify --from 2026") == ["20260101T000000-verify-abcdef"]
    assert complete("multihome compare p") == ["pre"]


def test_a_wrong_project_completes_nothing_and_says_nothing(complete, tmp_path):
    (tmp_path / "inventory").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "checks").mkdir()
    (tmp_path / "inventory" / "hosts.yaml").write_text("luna: {hostnam: 10.0.0.8}\n")
    assert complete(f"multihome -i {tmp_path} verify -l l") == []
