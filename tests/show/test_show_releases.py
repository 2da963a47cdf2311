"""What a release says that an older one does not."""

import re

import pytest

NEIGHBORS = "<get-bgp-neighbor-information/>"
SUMMARY = "<get-bgp-summary-information/>"


@pytest.mark.parametrize("version", ["15.1F6.9", "18.2R3.4"])
def test_bgp_without_threads(chassis, version):
    chassis.version = version
    options = chassis.element(NEIGHBORS).first("bgp-peer").first("bgp-option-information")
    assert not options.has("gshut-recv-local-preference")
    assert not chassis.element(SUMMARY).has("bgp-thread-mode")
    assert chassis.cli("show bgp summary").startswith("Groups: 2 ")
    assert re.search(r" 1w1d0h 14/14/14/0 ", chassis.cli("show bgp summary"))


@pytest.mark.parametrize("version", ["19.4R1.10", "21.4R3.15", "23.2R1.14"])
def test_bgp_with_threads_says_so_and_knows_graceful_shutdown(chassis, version):
    chassis.version = version
    peer = chassis.element(NEIGHBORS).first("bgp-peer")
    assert peer.value("input-messages") == "26131"
    options = peer.first("bgp-option-information")
    assert options.value("bgp-options-extended") == "GracefulShutdownRcv"
    assert options.value("gshut-recv-local-preference") == "0"
    assert "Options: <GracefulShutdownRcv>" in chassis.cli("show bgp neighbor")
    assert "local-preference: 0" in chassis.cli("show bgp group")
    assert chassis.cli("show bgp summary").startswith("Threading mode: BGP I/O\n")
    assert " 1w1d 0:32:28 Establ\n  inet.0: 14/14/14/0\n" in chassis.cli("show bgp summary")


def test_ebgp_has_a_default_policy_since_a_release_later_than_that(chassis):
    chassis.version = "20.2R3.9"
    assert "Default eBGP mode" not in chassis.cli("show bgp summary")
    chassis.version = "21.4R3.15"
    lines = chassis.cli("show bgp summary").split("\n")
    assert lines[1] == "Default eBGP mode: advertise - accept, receive - accept"
