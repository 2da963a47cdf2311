"""The lab's background process: up, found, told, down, and what is left when it dies."""

import os
import signal
import socket
import stat
import subprocess
import sys
import time

import pytest

from multihome.errors import UsageError
from multihome.lab import process
from multihome.lab.order import Order, RouterOrder, fresh
from multihome.lab.process import LabFailed

FIFTEEN = fresh(f"r{number}" for number in range(15))


def greeted(router):
    with socket.create_connection((router.host, router.port), 60) as connection:
        try:
            return connection.recv(64).startswith(b"SSH-2.0-")
        except ConnectionError:
            return False


def test_fifteen_routers_answer_and_go_away_again(place):
    lab = process.start(Order(FIFTEEN), place)
    assert all(greeted(router) for router in lab.routers)
    assert len({router.host_key for router in lab.routers}) == 15
    assert process.running(place).routers == lab.routers
    assert process.stop(place)
    assert process.running(place) is None
    assert not process.stop(place)
    with pytest.raises(OSError, match="refused"):
        greeted(lab.routers[0])


def test_only_the_owner_may_read_what_a_lab_writes(place):
    lab = process.start(Order(fresh(["r1"])), place)
    for file in (lab.place.record_file, lab.place.private_key, lab.known_hosts):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert lab.routers[0].password not in repr(lab)


def test_a_second_lab_is_refused_and_says_which_one_is_there(place):
    first = process.start(Order(fresh(["r1"])), place)
    with pytest.raises(UsageError, match=rf"process {first.record.pid}, since .*lab down"):
        process.start(Order(fresh(["r2"])), place)
    assert process.running(place).routers == first.routers


def test_a_lab_that_was_killed_is_noticed_and_cleared_by_the_next(place):
    first = process.start(Order(fresh(["r1"])), place)
    os.kill(first.record.pid, signal.SIGKILL)
    assert process.running(place) is None
    assert process.died(place) == first.record
    second = process.start(Order(fresh(["r1"])), place)
    assert process.running(place).record == second.record
    assert process.died(place) is None


def test_a_lab_that_hangs_is_not_mistaken_for_a_dead_one(place, monkeypatch):
    monkeypatch.setattr(process, "STOP_LIMIT", 0.3)
    lab = process.start(Order(fresh(["r1"])), place)
    os.kill(lab.record.pid, signal.SIGSTOP)
    with pytest.raises(UsageError, match="running already"):
        process.start(Order(fresh(["r1"])), place)
    assert process.stop(place)
    assert process.has_ended(lab.record.pid)


def test_a_forgotten_lab_does_not_take_the_next_one_with_it(place):
    first = process.start(Order(fresh(["r1"])), place)
    first.place.record_file.unlink()
    second = process.start(Order(fresh(["r2"])), place)
    os.kill(first.record.pid, signal.SIGTERM)
    assert process._gone(first.record.pid, 5)
    assert process.running(place).routers == second.routers


def test_a_lab_that_cannot_boot_says_why_and_leaves_nothing(place):
    broken = RouterOrder("r1", "<configuration><system></configuration>", "xml", "r1.xml")
    with pytest.raises(LabFailed, match=r"r1\.xml"):
        process.start(Order((broken,)), place)
    assert process.running(place) is None
    assert process.died(place) is None
    with pytest.raises(LabFailed, match=r"192\.0\.2\.1"):
        process.start(Order(fresh(["r1"]), host="192.0.2.1"), place)


def test_a_lab_goes_with_the_process_that_it_is_for(place):
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as owner:
        lab = process.start(Order(fresh(["r1"]), owner=owner.pid), place)
        assert greeted(lab.routers[0])
        assert process.running(place) is not None
        owner.kill()
    end = time.monotonic() + 60
    while not process.has_ended(lab.record.pid) and time.monotonic() < end:
        time.sleep(0.05)
    assert process.running(place) is None
    assert process.died(place) is None  # it went in good order


def test_levers_work_from_outside(place):
    lab = process.start(Order(fresh(["r1", "r2"]), speed=None), place)
    assert lab.status()["clock"] == 0
    lab.advance(90)
    assert lab.status()["clock"] == 90
    lab.set_speed(1000)
    time.sleep(0.02)
    assert lab.status()["clock"] > 100
    assert lab.converge() == 0
    assert lab.fault("router", "r1") == "router r1: broken"
    assert lab.status()["faults"] == ["router r1"]
    assert not greeted(lab.routers[0])
    lab.fault("router", "r1", on=False)
    assert greeted(lab.routers[0])
    assert any("router r1: broken" in line for line in lab.log())
    for wrong in (("router", "r9"), ("weather", "r1"), ("router",)):
        with pytest.raises(UsageError):
            lab.fault(*wrong)
    with pytest.raises(UsageError, match="r9"):
        lab.log("r9")
