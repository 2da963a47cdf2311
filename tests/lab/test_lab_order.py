"""What a lab is asked to be, from folders and files that people write."""

import json

import pytest

from multihome.errors import InvalidFile, UsageError
from multihome.lab.order import Cable, Order, fresh, from_folder, read_links


def test_an_order_survives_the_way_to_the_process():
    order = Order(fresh(["a", "b"]), (Cable((("a", "x"), ("b", "y"))),), speed=None)
    assert Order.from_data(json.loads(json.dumps(order.to_data()))) == order


def test_each_configuration_file_is_a_router_in_the_form_its_content_has(tmp_path):
    (tmp_path / "b.conf").write_text("system { host-name b; }")
    (tmp_path / "a.set").write_text("set system host-name a")
    (tmp_path / "c.conf").write_text("lab@c> show configuration | display set\r\nset system x\r\n")
    (tmp_path / "notes.txt").write_text("no router")
    assert [(order.name, order.form) for order in from_folder(tmp_path)] == [
        ("a", "set"),
        ("b", "text"),
        ("c", "set"),
    ]


def test_files_that_are_no_configuration_are_named_with_their_first_bad_line(tmp_path):
    (tmp_path / "a.set").write_text("set system host-name a\n\nsett system host-name b\n")
    (tmp_path / "b.conf").write_text("dear diary\n")
    with pytest.raises(InvalidFile) as caught:
        from_folder(tmp_path)
    assert [(each.file.name, each.line) for each in caught.value.problems] == [
        ("a.set", 3),
        ("b.conf", 1),
    ]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        pytest.param((), "no configuration here", id="empty"),
        pytest.param(("a.set", "a.conf"), "more than one configuration of a", id="twice"),
    ],
)
def test_a_folder_that_makes_no_lab_is_refused(tmp_path, files, words):
    for file in files:
        (tmp_path / file).write_text("")
    with pytest.raises(UsageError, match=words):
        from_folder(tmp_path)


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(UsageError, match="nowhere"):
        from_folder(tmp_path / "nowhere")


def test_links_are_read_in_the_ways_people_write_them(tmp_path):
    file = tmp_path / "links"
    file.write_text("# ours\na:xe-0/0/0 -- b:xe-0/0/1\n\na:ae1, b:ae1 c:ae1 # a LAN\n")
    assert read_links(file, ["a", "b", "c"]) == (
        Cable((("a", "xe-0/0/0"), ("b", "xe-0/0/1"))),
        Cable((("a", "ae1"), ("b", "ae1"), ("c", "ae1"))),
    )


def test_a_logical_system_has_links_of_its_own(tmp_path):
    file = tmp_path / "links"
    file.write_text("mx:red:lt-0/0/0.1 mx:lt-0/0/0.2\n")
    assert read_links(file, ["mx"]) == (Cable((("mx:red", "lt-0/0/0.1"), ("mx", "lt-0/0/0.2"))),)


def test_every_wrong_line_of_a_links_file_is_named_at_once(tmp_path):
    file = tmp_path / "links"
    file.write_text("a:x b:y\na:x\nb d:y\na:x d:y\n")
    with pytest.raises(InvalidFile) as caught:
        read_links(file, ["a", "b"])
    assert [(problem.line, problem.message) for problem in caught.value.problems] == [
        (2, "expected ROUTER:INTERFACE ROUTER:INTERFACE"),
        (3, "expected ROUTER:INTERFACE ROUTER:INTERFACE"),
        (4, "no router is called d"),
    ]
