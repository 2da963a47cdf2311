"""Every exception of the libraries below has its place in our tree."""

import inspect

import jnpr.junos.exception
import ncclient
import ncclient.operations
import ncclient.operations.errors
import ncclient.transport.errors
import ncclient.transport.parser
import ncclient.xml_
import paramiko.ssh_exception
import pytest
from lxml import etree

from multihome.device import framing, transport
from multihome.device.reply import Complaint, Reply
from multihome.device.translate import FOREIGN, mapped, translate
from multihome.errors import DeviceError, LockDenied, NeedsHuman, RpcFailed

MODULES = (
    jnpr.junos.exception,
    ncclient,
    ncclient.operations,
    ncclient.operations.errors,
    ncclient.transport.errors,
    ncclient.transport.parser,
    ncclient.xml_,
    paramiko.ssh_exception,
    framing,
    transport,
)
OTHERS_OWN = ("builtins", "multihome.errors", "lxml.etree", "_socket")


def exceptions(module):
    return [
        kind
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, Exception) and kind.__module__ not in OTHERS_OWN
    ]


FOUND = sorted({kind for module in MODULES for kind in exceptions(module)}, key=str)


def test_the_libraries_were_really_walked():
    names = {kind.__name__ for kind in FOUND}
    assert {"RpcError", "LockError", "SSHError", "RPCError", "BadHostKeyException"} <= names
    assert len(FOUND) > 40


@pytest.mark.parametrize("kind", FOUND, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_every_exception_is_mapped_by_a_class_nearer_than_exception(kind):
    assert any(ancestor in FOREIGN for ancestor in kind.__mro__)
    assert issubclass(mapped(kind), DeviceError)


@pytest.mark.parametrize("kind", exceptions(jnpr.junos.exception), ids=lambda kind: kind.__name__)
def test_pyez_has_grown_no_exception_that_nobody_looked_at(kind):
    assert kind in FOREIGN or kind.__module__ != "jnpr.junos.exception"


def test_our_own_pass_unchanged():
    ours = NeedsHuman("x")
    assert translate("juno", "commit", ours, None) is ours


def test_what_was_being_handled_before_is_no_cause():
    before = ncclient.operations.errors.TimeoutExpiredError("the one before")
    error = etree.XMLSyntaxError("x", 1, 1, 1)
    error.__context__ = before
    assert "makes no sense" in str(translate("juno", "call", error, None, beneath=before))
    assert "no answer in time" in str(translate("juno", "call", error, None))


def test_the_routers_words_win_over_the_librarys():
    reply = Reply(etree.Element("r"), (Complaint("error", "lock-denied", "", "", "no", "7"),))
    error = jnpr.junos.exception.LockError(rsp=None)
    ours = translate("juno", "lock", error, reply)
    assert isinstance(ours, LockDenied)
    assert (str(ours), ours.holder) == ("juno: lock: no", "7")
    assert (
        type(translate("juno", "unlock", jnpr.junos.exception.UnlockError(None), None)) is RpcFailed
    )
