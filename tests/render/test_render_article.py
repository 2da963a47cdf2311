"""The rendered statements against the source document, line for line.

Everything that the article configures is rendered, and nothing else but what these tests
name: each difference stands here with its reason.
"""

import re
from pathlib import Path

import pytest
from pydantic import SecretStr

from multihome.intent.model import Intent
from multihome.inventory.project import Project
from multihome.render.render import render
from multihome.render.secrets import Secrets

pytestmark = pytest.mark.reference

ARTICLE = Path(__file__).parents[2] / "../shared/reference/article.md"
ROUTERS = ("Liber", "Juno", "Ceres", "Luna", "Orcus")
KEYS = {  # the article's own, which must be kept as they are
    "pe-cpe": "$9$tAvZO1EleMWL7wYDHqfF3",
    "pe-cpe@luna": "$9$gPJGjmPTQF6p0yevL-d",
    "pe-cpe@orcus": "$9$gPJGjmPTQF6p0yevL-d",
    "cpe-cpe": "$9$ty05O1EleMWL7wYDHqfF3",
    "isis": "core",
    "ldp": "core",
    "ibgp": "core",
}

# What the core needs of a router: loopback units, core ports, protocols, router identity.
CORE = (
    r"interfaces lo0 ",
    r"interfaces \S+ unit (100|102|103|104|107|110|112|113|114|115|116) ",
    r"protocols (isis|ldp|mpls|bgp group reflector) ",
    r"routing-options (router-id|autonomous-system 1$)",
)
# What the lab behind the article has beside the article's two sites: links and statics of
# the other single-homed sites (Mercury on Liber, Vulcan on Juno), and links outside the VPN.
OTHER_SITES = (
    r"interfaces xe-2/0/1 unit 125 ",
    r"interfaces xe-2/0/0 unit 119 ",
    r"interfaces xe-2/0/1 unit 106 ",
    r"interfaces ae1 unit 30[01] ",
    r"routing-instances ipvpn interface xe-2/0/0\.119$",
    r"routing-instances ipvpn routing-options static route 10\.0\.0\.1[05]/32 ",
)
# The plane that manages the router: ports that carry VLANs, which belong to the chassis and
# not to a logical system as in the article, and the list of what this tool owns.
MANAGEMENT = (r"interfaces \S+ vlan-tagging$",)
ON_TOP = re.compile("set (" + "|".join((*CORE, *OTHER_SITES, *MANAGEMENT)) + ")")


def article(router: str) -> set[str]:
    if not ARTICLE.is_file():
        pytest.skip("the source document is not beside this checkout")
    text = ARTICLE.read_text()
    [block] = re.findall(
        rf"P?E {router}(?: \(\w+\))?:\s*</b>\s*<pre[^>]*>(.*?)</pre>", text, re.DOTALL
    )
    return {line.strip() for line in block.splitlines() if line.strip()}


def expected(router: str, *, logical_system: bool) -> set[str]:
    """The article's statements with the differences that are meant."""
    lines = article(router)
    if not logical_system:
        # The article's routers are logical systems; where a router is not one, the path that
        # apply-path walks does not begin with the logical system's name.
        lines = {line.replace(f'"logical-systems {router} ', '"') for line in lines}
    if router == "Luna":
        # Without an AS of its own Luna could not have an internal BGP group; Orcus has it too.
        lines.add("set routing-options autonomous-system 65500")
        # 4.0.0.22 is Juno, as the topology and the interface's description say.
        lines.remove("set protocols bgp group pe-connection neighbor 4.0.0.22 description Ceres")
        lines.add("set protocols bgp group pe-connection neighbor 4.0.0.22 description Juno")
    return lines


def statements(
    project: Project, intent: Intent, router: str, logical_system: str | None
) -> set[str]:
    secrets = Secrets({name: SecretStr(value) for name, value in KEYS.items()})
    made = render(project, intent, router.lower(), secrets, logical_system=logical_system)
    prefix = f"set logical-systems {logical_system} " if logical_system else "set "
    return {"set " + line.removeprefix(prefix) for line in made.statements}


@pytest.mark.parametrize("router", ROUTERS)
@pytest.mark.parametrize("kind", ["logical-system", "whole-router"])
def test_the_statements_are_the_article_s(project: Project, intent: Intent, router: str, kind: str):
    inside = kind == "logical-system"
    ours = statements(project, intent, router, router if inside else None)
    theirs = expected(router, logical_system=inside)
    assert theirs - ours == set()
    assert {line for line in ours - theirs if not ON_TOP.match(line)} == set()


@pytest.mark.parametrize("router", ["Luna", "Orcus"])
def test_a_cpe_has_nothing_on_top_but_its_management(project: Project, intent: Intent, router: str):
    extra = statements(project, intent, router, None) - expected(router, logical_system=False)
    management = re.compile("set (" + "|".join(MANAGEMENT) + ")")
    assert {line for line in extra if not management.match(line)} == set()
