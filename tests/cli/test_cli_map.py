"""The map of the source: whatever file it names is there, and each room is on it."""

import re
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src/multihome"
TEXT = (SOURCE / "README.md").read_text("utf-8")
BESIDE = ("inventory/ipvpn.yaml", "inventory/README.md", "templates/", "tests/")


def test_every_file_that_the_map_names_is_there():
    named = {each for each in re.findall(r"`([\w./*-]+)`", TEXT) if "/" in each}
    assert len(named) > 40
    missing = []
    for each in sorted(named):
        root = SOURCE.parents[1] if each.startswith(BESIDE) else SOURCE
        if not list(root.glob(each)):
            missing.append(each)
    assert not missing


def test_every_room_is_on_the_map():
    rooms = {path.name for path in SOURCE.iterdir() if (path / "__init__.py").exists()}
    picture = TEXT.partition("```text")[2].partition("```")[0]
    assert {
        room for room in rooms if not re.search(rf"^ .*\b{room}\b", picture, re.MULTILINE)
    } == set()
