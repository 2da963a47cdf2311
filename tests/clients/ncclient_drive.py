"""Drives a router with whatever ncclient this Python has; prints what it saw, as JSON.

Not a test itself: releases of ncclient cannot share an environment, so each runs this in its own.
"""

import json
import sys

import ncclient
import ncclient.transport.session
from lxml import etree
from ncclient import manager
from ncclient.operations.rpc import RPCError

EDIT = """\
<config xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><configuration><system>
<domain-name>{}</domain-name></system></configuration></config>
"""
NAME = "<configuration><system><domain-name/></system></configuration>"


def connect(router, handler):
    return manager.connect(
        host=router["host"],
        port=router["port"],
        username=router["username"],
        password=router["password"],
        hostkey_verify=False,
        allow_agent=False,
        look_for_keys=False,
        device_params={"name": handler},
        timeout=200,
    )


def refused(action):
    """What an action is refused with."""
    try:
        action()
    except RPCError as error:
        return [error.tag, " ".join(str(error.message).split())]
    return None


def names(text):
    """The texts of the elements `domain-name`, whatever their namespace."""
    root = etree.fromstring(text.encode())
    return [node.text for node in root.iter("{*}domain-name")]


def edited(session):
    """The base protocol's way from lock to commit."""
    with session.locked("candidate"):
        session.edit_config(target="candidate", config=EDIT.format("a.example"))
        session.validate(source="candidate")
        candidate = names(session.get_config("candidate", filter=("subtree", NAME)).data_xml)
        session.discard_changes()
        session.edit_config(
            target="candidate", config=EDIT.format("b.example"), default_operation="merge"
        )
        session.commit(confirmed=True, timeout="120")
        session.commit()
    return [candidate, names(session.get_config("running", filter=("subtree", NAME)).data_xml)]


def run(router, handler):
    other = connect(router, handler)
    with connect(router, handler) as session:
        seen = {
            "base 1.1": any(each.endswith(":base:1.1") for each in session.client_capabilities)
            and any(each.endswith(":base:1.1") for each in session.server_capabilities),
            "edited": edited(session),
            "get": names(session.get(filter=("subtree", NAME)).data_xml),
            "unknown": refused(lambda: session.dispatch(etree.Element("get-nonsense"))),
            "misspelt": refused(
                lambda: session.edit_config(
                    target="candidate", config=EDIT.format("x").replace("domain-name", "domain-nme")
                )
            ),
        }
        other.lock("candidate")
        seen["locked"] = refused(lambda: session.lock("candidate"))
        session.kill_session(other.session_id)
        session.lock("candidate")
        session.unlock("candidate")
        seen["routes"] = "203.0.113.0" in str(
            session.dispatch(etree.Element("get-route-information"))
        )
        session.discard_changes()
        session.copy_config(source="running", target="candidate")
    return seen


if __name__ == "__main__":
    ncclient.transport.session.TICK = 0.001  # it sleeps so long before each request
    asked = json.load(sys.stdin)
    print(json.dumps({"release": ncclient.__version__, **run(asked, asked["handler"])}))
