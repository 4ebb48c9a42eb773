"""A real reverse proxy before the server: nginx, below a prefix as JupyterHub has it."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.patience import PATIENCE, comes_true
from tests.web.browser import REQUIRED

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
PREFIX = "/user/x/proxy/8123/"
PASSING = "proxy_buffering off; proxy_http_version 1.1;"
BUFFERING = "proxy_ignore_headers X-Accel-Buffering; proxy_buffer_size 64k; proxy_buffers 8 64k;"
"""Nothing is passed on before 64 kB have come or the answer has ended."""
SLOW = f"{PASSING} limit_rate 40k;"
_CONFIGURATION = """\
daemon off;
master_process off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 200; }}
http {{
    access_log off;
    types {{ }}
    {places}
    server {{
        listen 127.0.0.1:{port};
        location {prefix} {{
            proxy_pass {target};
            proxy_set_header Host $http_host;
            {manner}
        }}
    }}
}}
"""
_PLACES = "".join(
    f"{name}_temp_path {{folder}}/{name};\n    " for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
)


@contextmanager
def proxied(folder: Path, target: str, manner: str) -> Iterator[str]:
    """Start nginx before a server; yield the address of the page there. Without nginx, skip.

    ``target`` is an address such as ``http://127.0.0.1:8123`` or ``http://unix:/path/of/socket:``, and ``manner`` says
    in nginx's words how answers are passed on.
    """
    if NGINX is None:
        if REQUIRED in os.environ:
            pytest.fail("No nginx is installed.")
        pytest.skip("No nginx is installed: apt-get install nginx-light")
    folder.mkdir()
    process, port = _start(NGINX, folder, target, manner)
    try:
        yield f"http://127.0.0.1:{port}{PREFIX}"
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _start(nginx: str, folder: Path, target: str, manner: str) -> "tuple[subprocess.Popen[bytes], int]":
    """Start nginx at a free port; at another one, if that is taken meanwhile."""
    log, configuration = folder / "error.log", folder / "nginx.conf"
    for _ in range(10):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        places = _PLACES.format(folder=folder)
        configuration.write_text(
            _CONFIGURATION.format(
                folder=folder, places=places, port=port, prefix=PREFIX, target=f"{target}/", manner=manner
            )
        )
        process = subprocess.Popen([nginx, "-p", folder, "-e", log, "-c", configuration])
        assert comes_true(_has_started, process, port)
        if process.poll() is None:
            return process, port
    pytest.fail(f"nginx does not start: {log.read_text()}")


def _has_started(process: "subprocess.Popen[bytes]", port: int) -> bool:
    """Whether it listens, or has ended."""
    with socket.socket() as probe:
        return process.poll() is not None or probe.connect_ex(("127.0.0.1", port)) == 0
