"""Files that clients look at: the log."""

import pytest

from multihome.twin.show.reply import RpcError


def test_the_log_is_told_line_by_line(device):
    assert device.cli("show log messages").splitlines() == [
        f"Mar  1 12:00:00  {device.host_name} mgd[1743]: lab logged in",
        f"Mar  1 12:00:00  {device.host_name} mgd[1743]: from here",
    ]
    content = device.element("<get-log><filename>messages</filename></get-log>")
    assert content.tag == "file-content"
    assert content.attributes["filename"] == "/var/log/messages"


def test_without_a_name_the_logs_are_listed(device):
    assert device.cli("show log").splitlines() == ["/var/log:", "messages", "total files: 1"]


def test_another_log_is_refused(device):
    with pytest.raises(RpcError, match="could not resolve file: chassisd"):
        device.cli("show log chassisd")
