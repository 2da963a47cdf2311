"""The stopwatch: outages from probes."""

import time

import pytest

from multihome.drill.stopwatch import Outage, Sample, Stopwatch, outages


def samples(pattern):
    """`"++--+"`: one probe a second."""
    return [Sample(float(at), sign == "+") for at, sign in enumerate(pattern)]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("", ()),
        ("++++", ()),
        ("+--+", (Outage(1.0, 3.0, 2),)),
        ("--++", (Outage(0.0, 2.0, 2),)),
        ("++--", (Outage(2.0, None, 2),)),
        ("+-+-+", (Outage(1.0, 2.0, 1), Outage(3.0, 4.0, 1))),
    ],
)
def test_an_outage_lasts_from_the_first_lost_probe_to_the_next_answer(pattern, found):
    assert outages(samples(pattern)) == found


def test_an_outage_that_did_not_end_has_no_length():
    assert outages(samples("+-"))[0].seconds is None
    assert outages(samples("+-+"))[0].seconds == 1.0


def test_the_watch_probes_until_it_is_over():
    answers = iter([True, False, False] + [True] * 10_000)
    with Stopwatch(lambda: next(answers), interval=0.001) as watch:
        while len(watch.samples) < 6:
            time.sleep(0.001)
    count = len(watch.samples)
    time.sleep(0.01)
    assert len(watch.samples) == count
    assert [outage.lost for outage in watch.outages()] == [2]
