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


def test_the_log_is_a_file_among_others(device):
    assert device.cli("file show /var/log/messages") == device.cli("show log messages")
    listing = device.element("<file-list><path>/var/log/</path><detail/></file-list>")
    [entry] = listing.first("directory").all("file-information")
    text = device.element("<file-show><filename>/var/log/messages</filename></file-show>")
    assert entry.value("file-size") == text.attributes["filesize"]
    alone = device.element("<file-list><path>/var/log/messages</path></file-list>")
    assert alone.value("directory/file-information/file-name") == "/var/log/messages"
    assert "name" not in alone.first("directory").attributes


def test_what_is_not_there_is_said_in_the_listing(device):
    assert device.cli("file list /var/log/x") == "/var/log/x: No such file or directory"
