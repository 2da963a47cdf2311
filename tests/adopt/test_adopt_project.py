"""A folder of configurations becomes a project that validates, with its secrets outside."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from multihome.errors import InvalidFile, UsageError
from multihome.intent.load import load_intent
from multihome.inventory.project import default_project
from multihome.inventory.targets import read_inventory
from multihome.render.render import render
from multihome.render.secrets import Secrets
from multihome.runbook.adopt import adopt
from multihome.runbook.validation import validate
from multihome.twin.config.formats.text_format import print_text
from multihome.twin.config.load import parse_set

KEYS = ("isis", "ldp", "ibgp", "pe-cpe", "cpe-cpe")


@pytest.fixture
def found(tmp_path: Path) -> Path:
    project = default_project()
    intent = load_intent(project.intent, read_inventory(project).roles)
    secrets = Secrets({name: SecretStr(f"the {name} key") for name in KEYS})
    folder = tmp_path / "found"
    folder.mkdir()
    for number, router in enumerate(intent.routers, 1):
        lines = render(project, intent, router, secrets).statements
        extra = (
            f"set system host-name {router}\n"
            f"set interfaces fxp0 unit 0 family inet address 198.51.100.{number}/24\n"
        )
        (folder / f"{router}.set").write_text(extra + "\n".join(lines) + "\n")
    return folder


def test_the_project_is_equal_to_what_was_found(found: Path, tmp_path: Path):
    secrets = tmp_path / "secrets.yaml"
    adopted = adopt(found, tmp_path / "mine", secrets)
    assert adopted.equal
    assert adopted.outside == ()
    assert len(adopted.proofs) == len([*found.iterdir()])
    assert all(len(proof.left_alone) == 2 for proof in adopted.proofs)
    assert secrets.stat().st_mode & 0o777 == 0o600
    assert validate(adopted.project).errors == ()
    files = [*(tmp_path / "mine").rglob("*.yaml")]
    assert files
    assert not any("$9$" in file.read_text() for file in files)
    again = Secrets.from_file(secrets)
    intent = load_intent(adopted.project.intent, read_inventory(adopted.project).roles)
    assert intent.service == "mine"
    assert render(adopted.project, intent, "juno", again).statements
    assert read_inventory(adopted.project).roles == adopted.draft.roles


def test_nothing_is_overwritten(found: Path, tmp_path: Path):
    secrets = tmp_path / "secrets.yaml"
    secrets.write_text("mine")
    with pytest.raises(UsageError, match="is there already"):
        adopt(found, tmp_path / "mine", secrets)
    assert secrets.read_text() == "mine"
    assert not (tmp_path / "mine").exists()
    with pytest.raises(UsageError, match="outside the project"):
        adopt(found, tmp_path / "mine", tmp_path / "mine" / "secrets.yaml")


def test_a_form_that_cannot_be_converted_is_refused_by_name(found: Path, tmp_path: Path):
    (found / "juno.set").write_text("<configuration><system/></configuration>")
    with pytest.raises(InvalidFile, match=r"juno\.set:1: is in xml form"):
        adopt(found, tmp_path / "mine", tmp_path / "secrets.yaml")


def test_an_empty_folder_is_named(tmp_path: Path):
    (tmp_path / "none").mkdir()
    with pytest.raises(UsageError, match="holds no file"):
        adopt(tmp_path / "none", tmp_path / "mine", tmp_path / "secrets.yaml")


def test_braces_are_read_as_set_lines_are(found: Path, tmp_path: Path):
    for file in [*found.iterdir()]:
        file.with_suffix(".conf").write_text(print_text(parse_set(file.read_text())))
        file.unlink()
    adopted = adopt(found, tmp_path / "mine", tmp_path / "secrets.yaml")
    assert [proof.missing for proof in adopted.proofs if proof.missing] == []
    assert all(len(proof.left_alone) == 2 for proof in adopted.proofs)


def test_what_no_intent_can_express_is_refused_before_anything_is_written(
    found: Path, tmp_path: Path
):
    file = found / "mars.set"
    file.write_text(file.read_text().replace("family iso address 49", "family iso mtu 49"))
    with pytest.raises(UsageError, match="nothing was written"):
        adopt(found, tmp_path / "mine", tmp_path / "secrets.yaml")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["found"]
