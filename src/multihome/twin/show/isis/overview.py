"""`show isis overview`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.show.element import Element
from multihome.twin.show.isis.running import ARGUMENTS, LEVELS, NOT_RUNNING, configured, net_of
from multihome.twin.show.registry import prints, shows
from multihome.twin.show.words import output

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.junos.model.igp import Isis
    from multihome.twin.show.registry import Query

_PREFERENCES = {1: (15, 160), 2: (18, 165)}
"""Internal and external, by level."""
_TITLES = {
    "isis-router-id": "Router ID",
    "isis-router-hostname": "Hostname",
    "isis-router-sysid": "Sysid",
    "isis-router-areaid": "Areaid",
    "isis-adjacency-holddown": "Adjacency holddown",
    "isis-max-areas": "Maximum Areas",
    "isis-lsp-lifetime": "LSP life time",
    "isis-reference-bandwidth": "Reference bandwidth",
    "isis-attached-bit-evaluation": "Attached bit evaluation",
}
_SPF_HOLDDOWN, _SPF_RAPID_RUNS, _MAX_AREAS = 5000, 3, 3


@shows("get-isis-overview-information", "show isis overview", ARGUMENTS)
def overview_information(query: Query) -> Element:
    """What is configured and what runs."""
    isis = configured(query)
    if isis is None:
        return output(NOT_RUNNING)
    instance = query.get("instance") or "master"
    information = Element("isis-overview-information", module="junos-routing")
    overview = information.add("isis-overview")
    overview.add("instance-name", instance)
    overview.add_known(isis_router_id=query.router.router_id(instance))
    overview.add("isis-router-hostname", query.router.config.host_name or query.router.name)
    net = net_of(query.router)
    if net is not None:
        overview.add("isis-router-sysid", net.system)
        overview.add("isis-router-areaid", net.area)
    overview.add("isis-adjacency-holddown", "enabled")
    overview.add("isis-max-areas", _MAX_AREAS)
    overview.add("isis-lsp-lifetime", isis.lsp_lifetime)
    overview.add_known(isis_reference_bandwidth=isis.reference_bandwidth)
    overview.add("isis-attached-bit-evaluation", "enabled")
    _add_running(overview, isis)
    for level in LEVELS:
        if level not in isis.levels_disabled:
            _add_level(overview.add("isis-level-information"), level, isis)
    return information


def _add_running(overview: Element, isis: Isis) -> None:
    spf = overview.add("isis-spf-information")
    spf.add("isis-spf-delay", int(isis.spf_delay * 1000))
    spf.add("isis-spf-holddown", _SPF_HOLDDOWN)
    spf.add("isis-spf-rapid-runs", _SPF_RAPID_RUNS)
    if isis.overload:
        overview.add("isis-overload-information").flag("isis-overload-enabled")
    overview.add("isis-routing").flag("isis-routing-ipv4")
    overview.add("isis-traffic-engineering").add("isis-te-status", "enabled")
    restart = overview.add("isis-restart")
    restart.add("isis-restart-enabled", "disabled")
    restart.add("isis-restart-helper-mode-enabled", "enabled")
    overview.add("isis-layer2-map-enabled", "Disabled")


def _add_level(element: Element, level: int, isis: Isis) -> None:
    internal, external = _PREFERENCES[level]
    element.add("isis-level", level)
    element.add("isis-preference", isis.preference.get(level, internal))
    element.add("isis-external-preference", external)
    element.add("isis-prefix-export-count", 0)
    element.flag("isis-narrow-metrics", level not in isis.wide_metrics_only)
    element.flag("isis-wide-metrics")


@prints("isis-overview-information")
def overview_text(information: Element) -> Iterator[str]:
    """One block per instance."""
    for overview in information.all("isis-overview"):
        value = overview.value
        yield f"Instance: {value('instance-name')}"
        for tag, words in _TITLES.items():
            if overview.has(tag):
                yield f"  {words}: {value(tag)}"
        spf = "isis-spf-information"
        yield (
            f"  SPF delay: {value(f'{spf}/isis-spf-delay')} msec,"
            f" SPF holddown: {value(f'{spf}/isis-spf-holddown')} msec,"
            f" SPF rapid runs: {value(f'{spf}/isis-spf-rapid-runs')}"
        )
        if overview.has("isis-overload-information"):
            yield "  Overload bit at startup is set"
        yield "  IPv4 is enabled"
        yield "  Traffic engineering: enabled"
        yield "  Restart: Disabled"
        yield "    Helper mode: Enabled"
        yield f"  Layer2-map: {value('isis-layer2-map-enabled')}"
        for level in overview.all("isis-level-information"):
            yield from _level_lines(level)


def _level_lines(level: Element) -> Iterator[str]:
    yield f"  Level {level.value('isis-level')}"
    yield f"    Internal route preference: {level.value('isis-preference')}"
    yield f"    External route preference: {level.value('isis-external-preference')}"
    yield f"    Prefix export count: {level.value('isis-prefix-export-count')}"
    narrow = ", Narrow metrics are enabled" if level.has("isis-narrow-metrics") else ""
    yield f"    Wide metrics are enabled{narrow}"
