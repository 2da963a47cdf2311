"""Two runs of the same tests: the default one, always the same and quick, and the deep one.

`pytest` leaves out what is marked `deep`, and tries each property with the same few examples.
`pytest --deep` runs what the default left out, and each property with more examples, drawn from a
fresh seed; it prints the seed, and `--hypothesis-seed` repeats it. A costly property takes a share
of the profile's number of examples: `@settings(max_examples=settings().max_examples // 4)`.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    import pytest

DEFAULT = "not deep"
"""As in pyproject.toml: `--deep` yields to other marks on the command line."""
DEEP = "deep or hypothesis"
NEEDS_MORE_THAN_PIP = {"browser", "clients", "frr"}

COMMON = settings(
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
"""Nothing that depends on how busy the machine is, or on what an earlier run found."""
settings.register_profile("default", COMMON, derandomize=True, max_examples=20)
settings.register_profile("deep", COMMON, max_examples=200)
settings.load_profile("default")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--deep",
        action="store_true",
        help="what the default run leaves out, and each property with more examples and a fresh seed",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Set what the workers of xdist inherit: the marks, the profile, the seed."""
    if not config.option.deep:
        return
    settings.load_profile("deep")
    if config.option.markexpr == DEFAULT:
        config.option.markexpr = DEEP
    if config.option.hypothesis_seed is None:
        config.option.hypothesis_seed = str(random.SystemRandom().randrange(2**32))


def pytest_report_header(config: pytest.Config) -> str | None:
    return _seed(config)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave to the deep run what would be skipped where only pip has been at work."""
    for item in items:
        if NEEDS_MORE_THAN_PIP & {mark.name for mark in item.iter_markers()}:
            item.add_marker("deep")


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """What the crash matrices counted, wherever they ran; and the seed, once more for `-q`."""
    for report in terminalreporter.stats.get("", ()):
        for name, text in getattr(report, "user_properties", ()):
            if name == "crash matrix" and report.when == "teardown":
                terminalreporter.write_line(f"{name} {report.nodeid.partition('::')[2]}: {text}")
    if seed := _seed(config):
        terminalreporter.write_line(seed)


def _seed(config: pytest.Config) -> str | None:
    if not config.option.deep:
        return None
    seed = config.option.hypothesis_seed
    return f"properties tried with a fresh seed; again with: --deep --hypothesis-seed={seed}"
