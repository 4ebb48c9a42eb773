"""The workbook as a server that jupyter-server-proxy starts: a tile in JupyterLab, a page below the user's own address.

It listens on a unix socket that the Jupyter server alone reaches, and Jupyter lets only its user pass.
"""

import sys
from typing import Any

from grader.web.app import STATIC

START_SECONDS = 60
"""How long Jupyter waits for the socket."""


def server() -> dict[str, Any]:
    """Return what jupyter-server-proxy needs to know; it replaces ``{unix_socket}``."""
    # -P: a torch.py in the folder that Jupyter was started in is not the torch to import.
    program = [sys.executable, "-P", "-c", "from grader.cli import main; main()"]
    return {
        "command": [*program, "web", "--no-open", "--unix-socket", "{unix_socket}"],
        "unix_socket": True,
        "timeout": START_SECONDS,
        "launcher_entry": {"title": "Workbook", "icon_path": str(STATIC / "icon.svg")},
    }
