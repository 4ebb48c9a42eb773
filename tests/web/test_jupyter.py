"""What jupyter-server-proxy is told, and that a server starts from it; the proxy itself is no part of the tests."""

import http.client
import signal
import socket
import subprocess
from importlib.metadata import entry_points
from pathlib import Path

from tests.patience import PATIENCE, comes_true
from tests.small_lesson import write_lesson


def test_jupyter_finds_the_server_and_starts_it(tmp_path: Path) -> None:
    write_lesson(tmp_path)
    (tmp_path / "starlette.py").write_text("raise SystemExit('the wrong one')\n")
    (entry,) = entry_points(group="jupyter_serverproxy_servers", name="grade")
    told = entry.load()()

    assert told["unix_socket"] is True
    assert Path(told["launcher_entry"]["icon_path"]).is_file()
    path = tmp_path / "socket"
    command = [word.format(unix_socket=path) for word in told["command"]]
    with subprocess.Popen(command, cwd=tmp_path) as process:
        try:
            assert comes_true(lambda: path.exists() or process.poll() is not None)
            connection = http.client.HTTPConnection("hub.example.org", timeout=PATIENCE)
            connection.sock = socket.socket(socket.AF_UNIX)
            connection.sock.connect(str(path))
            connection.request("GET", "/")
            assert b'<meta name="token"' in connection.getresponse().read()
            connection.close()
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)
    assert not path.exists()
