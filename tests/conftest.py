"""How laws are tried: at random on a desk, in CI always the same, so that red means changed."""

import os

from hypothesis import settings

settings.register_profile("desk", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")


def pytest_terminal_summary(terminalreporter):
    """What the crash matrices counted, wherever they ran."""
    for report in terminalreporter.stats.get("", ()):
        for name, text in getattr(report, "user_properties", ()):
            if name == "crash matrix" and report.when == "teardown":
                terminalreporter.write_line(f"{name} {report.nodeid.partition('::')[2]}: {text}")
