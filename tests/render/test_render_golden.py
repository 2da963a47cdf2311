"""The rendering of every router, kept as files: a change of a template shows as a diff of them.

After a change that is meant, `MULTIHOME_GOLDEN=write pytest tests/render` writes them anew.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from multihome.inventory.project import default_project
from multihome.inventory.targets import read_inventory
from multihome.render.rendered import Rendered

GOLDEN = Path(__file__).parent / "golden"
Render = Callable[..., Rendered]


@pytest.mark.parametrize("router", read_inventory(default_project()).names)
def test_the_rendering_is_the_one_that_was_agreed_on(rendered: Render, router: str):
    path = GOLDEN / f"{router}.set"
    text = "\n".join([*rendered(router).statements, ""])
    if os.environ.get("MULTIHOME_GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    assert text == path.read_text()


def test_there_is_no_golden_file_of_a_router_that_is_gone():
    names = {path.stem for path in GOLDEN.iterdir()}
    assert names == set(read_inventory(default_project()).names)
