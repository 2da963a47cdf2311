"""The control channel carries questions, answers and errors, and says so when nobody is there."""

import socket
import threading
from contextlib import contextmanager

import pytest

from multihome.errors import MultihomeError, UsageError
from multihome.lab.control_socket import NotThere, ask, receive, send
from multihome.lab.place import Place


@contextmanager
def answering(path, answer):
    heard = []

    def serve():
        connection, _ = listener.accept()
        with connection:
            heard.append(receive(connection))
            if answer is not None:
                send(connection, answer)

    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        thread = threading.Thread(target=serve)
        thread.start()
        yield heard
        thread.join()


def test_a_question_is_answered(tmp_path):
    with answering(tmp_path / "s", {"result": [1, "ü"]}) as heard:
        assert ask(tmp_path / "s", "log", {"router": "a"}) == [1, "ü"]
    assert heard == [{"verb": "log", "arguments": {"router": "a"}}]


@pytest.mark.parametrize(
    ("kind", "raised"),
    [
        pytest.param("UsageError", UsageError, id="the same class"),
        pytest.param("UnknownName", UsageError, id="the nearest that takes a message"),
        pytest.param("Oscillation", MultihomeError, id="one that this end does not know"),
    ],
)
def test_an_error_of_the_lab_is_raised_here(tmp_path, kind, raised):
    with (
        answering(tmp_path / "s", {"error": kind, "message": "no"}),
        pytest.raises(raised, match="no"),
    ):
        ask(tmp_path / "s", "fault")


def test_silence_is_told_apart_from_an_answer(tmp_path):
    with answering(tmp_path / "s", None), pytest.raises(NotThere):
        ask(tmp_path / "s", "hello")
    with pytest.raises(NotThere):
        ask(tmp_path / "nothing", "hello", limit=1)


def test_a_socket_finds_a_shorter_place_where_the_folder_is_too_deep(tmp_path):
    deep = Place(tmp_path / ("x" * 120))
    path = deep.socket_file()
    assert len(str(path)) < 100
    path.parent.rmdir()
