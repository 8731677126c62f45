"""A process that nobody looks at does without what libraries dress their output in."""

from __future__ import annotations

import subprocess
import sys

_PROGRAM = """
import json, sys
from watcher.plain import go_plain
go_plain()
from watcher.logs import configure
configure()
import bs4, httpx, structlog
try:
    {}["absent"]
except KeyError:
    structlog.get_logger().exception("lost")
print(json.dumps([name for name, module in sys.modules.items() if module]))
"""


def test_no_finery_is_loaded_and_what_goes_wrong_is_told_all_the_same() -> None:
    ran = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True)

    assert '"httpx"' in ran.stdout
    assert '"structlog"' in ran.stdout
    assert not [name for name in ("rich.", "pygments", "charset_normalizer") if f'"{name}' in ran.stdout]
    assert "KeyError: 'absent'" in ran.stderr
