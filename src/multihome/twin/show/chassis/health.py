"""What the chassis process says: routing engine, inventory, alarms, environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.show.ages import long_uptime, timestamp
from multihome.twin.show.element import Element, junos
from multihome.twin.show.registry import prints, shows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.show.registry import Query

_MODULE = "junos-chassis"
_CELSIUS = 38
"""No sensor is modelled: every part is as warm as an idle one."""
_YELLOW, _RED = 75, 85
_PARTS = (
    ("Power Supplies", ("PEM 0", "PEM 1"), "Power"),
    ("Temperature", ("Routing Engine 0", "Routing Engine 0 CPU", "AFEB 0"), "Temp"),
    ("Fans", ("Fan 1", "Fan 2", "Fan 3", "Fan 4", "Fan 5"), "Fans"),
)
_CPU = (("user", 1), ("background", 0), ("system", 2), ("interrupt", 0), ("idle", 97))
_LOADS = ("one", "five", "fifteen")
_CPU_WORDS = {
    "user": "User",
    "background": "Background",
    "system": "Kernel",
    "interrupt": "Interrupt",
    "idle": "Idle",
}
_ENGINE = {
    "Model": "model",
    "Serial ID": "serial-number",
    "Start time": "start-time",
    "Uptime": "up-time",
    "Last reboot reason": "last-reboot-reason",
}


@shows("get-route-engine-information", "show chassis routing-engine", "<slot> bios")
def engine_information(query: Query) -> Element:
    """The one routing engine, which is master."""
    device = query.device
    seconds = int((device.now() - device.started).total_seconds())
    information = Element("route-engine-information", module=_MODULE)
    engine = information.add("route-engine")
    engine.add("slot", 0)
    engine.add("mastership-state", "master")
    engine.add("mastership-priority", "master (default)")
    engine.add("status", "OK")
    for tag in ("temperature", "cpu-temperature"):
        engine.add(tag, _degrees(_CELSIUS), junos(celsius=_CELSIUS))
    engine.add("memory-dram-size", "3968 MB")
    engine.add("memory-buffer-utilization", 24)
    for name, percent in _CPU:
        engine.add(f"cpu-{name}", percent)
    engine.add("model", f"RE-{device.model.upper().replace('MX', 'MX-')}")
    engine.add("serial-number", f"{device.serial}RE0")
    start = int(device.started.timestamp())
    engine.add("start-time", timestamp(device.started), junos(seconds=start))
    engine.add("up-time", long_uptime(seconds), junos(seconds=seconds))
    engine.add("last-reboot-reason", "Router rebooted after a normal shutdown.")
    for name in _LOADS:
        engine.add(f"load-average-{name}", "0.00")
    return information


def _degrees(celsius: int) -> str:
    return f"{celsius} degrees C / {round(celsius * 9 / 5 + 32)} degrees F"


@prints("route-engine-information")
def engine_text(information: Element) -> Iterator[str]:
    """A block per routing engine."""
    yield "Routing Engine status:"
    for engine in information.all("route-engine"):
        value = engine.value
        yield f"  Slot {value('slot')}:"
        rows = [
            ("Current state", value("mastership-state").capitalize()),
            ("Election priority", value("mastership-priority").capitalize()),
            ("Temperature", value("temperature")),
            ("CPU temperature", value("cpu-temperature")),
            ("DRAM", value("memory-dram-size")),
            ("Memory utilization", f"{value('memory-buffer-utilization'):>3} percent"),
        ]
        yield from (f"    {name:<30} {text}" for name, text in rows)
        yield "    CPU utilization:"
        for name, word in _CPU_WORDS.items():
            yield f"      {word:<27} {value(f'cpu-{name}'):>4} percent"
        for name, tag in _ENGINE.items():
            yield f"    {name:<30} {value(tag)}"
        yield f"    {'Load averages:':<30} 1 minute   5 minute  15 minute"
        loads = "".join(f"{value(f'load-average-{name}'):>11}" for name in _LOADS)
        yield f"{'':32}{loads}"


@shows("get-alarm-information", "show chassis alarms")
@shows("get-system-alarm-information", "show system alarms")
def alarm_information(_: Query) -> Element:
    """Alarms are not modelled, so none is active."""
    information = Element("alarm-information", module="junos-alarm")
    information.add("alarm-summary").flag("no-active-alarms")
    return information


@prints("alarm-information")
def alarm_text(_: Element) -> Iterator[str]:
    """One sentence."""
    yield "No alarms currently active"


@shows("get-environment-information", "show chassis environment")
def environment_information(_: Query) -> Element:
    """Every part, in good health."""
    information = Element("environment-information", module=_MODULE)
    for group, names, kind in _PARTS:
        for name in names:
            item = information.add("environment-item")
            item.add("name", name)
            item.add("class", kind)
            item.add("status", "OK")
            if kind == "Temp":
                item.add("temperature", _degrees(_CELSIUS), junos(celsius=_CELSIUS))
            if group == "Fans":
                item.add("comment", "Spinning at normal speed")
    return information


@prints("environment-information")
def environment_text(information: Element) -> Iterator[str]:
    """A line per part."""
    yield "Class Item                           Status     Measurement"
    shown = ""
    for item in information.all("environment-item"):
        kind = item.value("class")
        lead = kind if kind != shown else ""
        shown = kind
        measured = item.value("temperature") or item.value("comment")
        yield f"{lead:<6}{item.value('name'):<31}{item.value('status'):<11}{measured}".rstrip()


@shows("get-temperature-threshold-information", "show chassis temperature-thresholds")
def threshold_information(_: Query) -> Element:
    """When a part counts as warm, and when as too warm, in degrees Celsius."""
    information = Element("temperature-threshold-information", module=_MODULE)
    for group, names, _kind in _PARTS:
        for name in names if group == "Temperature" else ():
            threshold = information.add("temperature-threshold")
            threshold.add("name", name)
            threshold.add("yellow-alarm", _YELLOW)
            threshold.add("red-alarm", _RED)
    return information


@prints("temperature-threshold-information")
def threshold_text(information: Element) -> Iterator[str]:
    """A line per part."""
    yield f"{'Item':<36}Yellow alarm   Red alarm"
    for threshold in information.all("temperature-threshold"):
        yield (
            f"{threshold.value('name'):<36}{threshold.value('yellow-alarm'):>12}"
            f"{threshold.value('red-alarm'):>12}"
        )
