from pathlib import Path

import pytest

from multihome.errors import UsageError
from multihome.inventory.project import PARTS, Project, default_project, find_project, init_project


def test_the_folder_one_stands_in_is_used(folder: Project):
    assert find_project(start=folder.root) == Project(folder.root.resolve())


def test_a_folder_above_is_used(folder: Project):
    below = folder.root / "inventory" / "deeper"
    below.mkdir()
    assert find_project(start=below).root == folder.root.resolve()


def test_elsewhere_the_default_is_used(tmp_path: Path):
    assert find_project(start=tmp_path) == default_project()
    assert default_project().intent.is_file()


def test_a_folder_that_is_named_must_be_one(tmp_path: Path):
    (tmp_path / "inventory").mkdir()
    with pytest.raises(UsageError, match=r"no templates/, no checks/; `multihome init"):
        find_project(tmp_path)


def test_init_copies_the_default_and_what_was_copied_is_a_project(tmp_path: Path):
    made = init_project(tmp_path / "mine")
    assert find_project(tmp_path / "mine") == made
    for part in PARTS:
        originals = [p for p in (default_project().root / part).rglob("*") if p.is_file()]
        for original in originals:
            copy = made.root / original.relative_to(default_project().root)
            expected = original.read_bytes().replace(b"service: ipvpn\n", b"service: mine\n")
            assert copy.read_bytes() == expected


def test_init_overwrites_nothing(tmp_path: Path):
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks" / "mine.yaml").write_text("mine")
    with pytest.raises(UsageError, match="already holds checks"):
        init_project(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["checks"]


def test_a_working_directory_that_is_gone_is_told_as_such(tmp_path, monkeypatch):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(UsageError, match="the working directory is gone"):
        find_project()
