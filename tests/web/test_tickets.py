"""What is handed to a browser opens the page once, and tells other users of the machine nothing."""

import http.server
import json
import threading
from pathlib import Path
from typing import ClassVar

import pytest

from grader.web.tickets import LIFE_SECONDS, Tickets
from tests.patience import PATIENCE, comes_true
from tests.small_lesson import write_lesson
from tests.web.served import OPEN, Served, serving, started


def test_a_ticket_is_good_once() -> None:
    tickets = Tickets()
    one, other = tickets.issue(), tickets.issue()

    assert tickets.take(one)
    assert not tickets.take(one)
    assert tickets.take(other)
    assert not tickets.take("")


def test_a_ticket_is_good_for_a_short_time() -> None:
    now = 0.0
    tickets = Tickets(lambda: now)
    early, late = tickets.issue(), tickets.issue()
    now = LIFE_SECONDS - 1

    assert tickets.take(early)
    now = LIFE_SECONDS
    assert not tickets.take(late)


def test_a_page_gets_the_token_for_a_ticket(tmp_path: Path) -> None:
    write_lesson(tmp_path)
    with serving(tmp_path) as served:
        ticket = served.post("/api/tickets")["ticket"]
        no_token = {"X-Grade-Token": ""}

        assert served.ask("POST", "/api/tickets", headers=no_token).status == 401
        elsewhere = {**no_token, "Host": "evil.example"}
        assert served.ask("POST", "/enter", ticket, elsewhere).status == 403
        reply = served.ask("POST", "/enter", ticket, no_token)
        assert (reply.status, reply.json) == (200, {"token": served.token})
        for wrong in (ticket, "", "é", "x" * 1_000_000):
            reply = served.ask("POST", "/enter", wrong, no_token)
            assert reply.status == 403
            assert served.token.encode() not in reply.content


def fake_browser(folder: Path) -> tuple[Path, Path]:
    """Return a program to take for a browser, and the file into which it writes what its command line holds."""
    seen, program = folder / "seen", folder / "browser"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > "{seen}.new" && mv "{seen}.new" "{seen}"\n')
    program.chmod(0o755)
    return program, seen


@pytest.mark.parametrize("runs_already", [False, True])
def test_the_command_line_of_the_browser_holds_no_token(tmp_path: Path, runs_already: bool) -> None:
    write_lesson(tmp_path)
    program, seen = fake_browser(tmp_path)
    environment = {"BROWSER": f"{program} %s"}
    with serving(tmp_path, *([] if runs_already else [OPEN]), environment=environment) as served:
        if runs_already:
            with started(tmp_path, OPEN, "9.1", environment=environment) as second:
                assert second.stdout is not None
                assert second.stdout.read() == f"It runs already: {served.address}&to=/9.1\n"
        assert comes_true(seen.exists)
        address = seen.read_text().strip()
        assert served.token not in address
        assert address.startswith(f"http://127.0.0.1:{served.port}/#ticket=")
        ticket = address.partition("ticket=")[2].partition("&")[0]
        assert served.ask("POST", "/enter", ticket, {"X-Grade-Token": ""}).json == {"token": served.token}


class Squatter(http.server.BaseHTTPRequestHandler):
    """Another user's program at the port of a workbook that has ended."""

    heard: ClassVar[list[str]] = []

    def do_POST(self) -> None:
        self.heard.append(f"{self.path} {self.headers} {self.rfile.read(int(self.headers['Content-Length']))!r}")
        answer = json.dumps({"proof": "0" * 64, "ticket": "0" * 32}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        pass


def test_a_program_at_the_port_of_last_time_gets_no_token_and_the_next_one_is_new(tmp_path: Path) -> None:
    write_lesson(tmp_path)
    with serving(tmp_path) as first:
        pass
    with http.server.HTTPServer(("127.0.0.1", first.port), Squatter) as squatter:
        thread = threading.Thread(target=squatter.serve_forever)
        thread.start()
        try:
            with serving(tmp_path) as second:
                assert isinstance(second, Served)
                assert second.port != first.port
                assert second.token != first.token
        finally:
            squatter.shutdown()
            thread.join(PATIENCE)
    assert Squatter.heard
    assert not [said for said in Squatter.heard if first.token in said]
