"""Every benchmark, one after the other: `python tests/benchmarks`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main() -> int:
    """Run each script of this folder in a process of its own, with the sizes it has by itself."""
    failed = []
    for script in sorted(each for each in HERE.glob("[!_]*.py") if "test_" not in each.name):
        print(f"\n{script.name}", flush=True)
        if subprocess.run([sys.executable, str(script)], check=False).returncode:
            failed.append(script.name)
    if failed:
        print(f"\nfailed: {', '.join(failed)}", file=sys.stderr)
    return len(failed)


if __name__ == "__main__":
    sys.exit(main())
