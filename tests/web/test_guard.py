"""The door of the server: what other pages, other hosts and other programs try."""

import http.client
import json
import socket
from collections.abc import Iterator

import pytest

from tests.small_lesson import write_lesson
from tests.web.served import Served, serving

HTML = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    root = tmp_path_factory.mktemp("course")
    lesson = write_lesson(root)
    (lesson.folder / "figures").mkdir()
    (lesson.folder / "figures" / "a.svg").write_text("<svg/>")
    (lesson.folder / "figures" / "secret.txt").write_text("kept to itself")
    with serving(root) as served:
        yield served


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:{port}",
        "127.0.0.1.evil.example",
        "localhost.evil.example:{port}",
        "evil.example:{port}@localhost",
        "localhost@evil.example",
        "localhost:{port}:evil.example",
        "localhost/evil.example",
        "localhost evil.example",
        "127.0.0.2",
        "[::1].evil.example",
        ":{port}",
        "",
    ],
)
@pytest.mark.parametrize("path", ["/", "/api/course", "/static/app.css", "/course/m9_1_scaling/a.svg"])
def test_a_rebound_name_gets_nothing(served: Served, host: str, path: str) -> None:
    reply = served.ask("GET", path, headers={"Host": host.format(port=served.port)})

    assert reply.status == 403
    assert b"<div" not in reply.content


def test_two_host_headers_are_refused(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.port)) as raw:
        raw.sendall(f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\nHost: evil.example\r\n\r\n".encode())
        status = raw.recv(100)

    assert status.split()[1] in (b"400", b"403")


@pytest.mark.parametrize(
    "name", ["localhost:{port}", "127.0.0.1:{port}", "LOCALHOST:{port}", "[::1]:{port}", "localhost:9000", "127.0.0.1"]
)
def test_the_names_of_this_machine_are_let_in_with_any_port(served: Served, name: str) -> None:
    assert served.ask("GET", "/", headers={"Host": name.format(port=served.port)}).status == 200


@pytest.mark.parametrize("token", ["", "0" * 64, "é", "x" * 100_000])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/course"),
        ("GET", "/api/stream"),
        ("GET", "/api/no_such_address"),
        ("PUT", "/api/lessons/m9_1_scaling/file"),
        ("POST", "/api/lessons/m9_1_scaling/reset"),
    ],
)
def test_without_the_token_nothing_is_told_or_changed(served: Served, token: str, method: str, path: str) -> None:
    reply = served.ask(method, path, "x", headers={"X-Grade-Token": token.encode().decode("latin-1")})

    assert reply.status in (400, 401)
    assert b"scaling" not in reply.content


def test_a_token_in_a_cookie_or_in_the_address_is_none(served: Served) -> None:
    headers = {"X-Grade-Token": "", "Cookie": f"token={served.token}; X-Grade-Token={served.token}"}

    assert served.ask("GET", f"/api/course?token={served.token}", headers=headers).status == 401


def test_no_answer_sets_a_cookie_or_lets_another_origin_read(served: Served) -> None:
    origin = {"Origin": "https://evil.example"}
    for path in ("/", "/api/course", "/static/app.css", "/course/m9_1_scaling/a.svg"):
        reply = served.ask("GET", path, headers=origin)
        assert "set-cookie" not in reply.headers
        assert not [name for name in reply.headers if name.startswith("access-control")]
        assert reply.headers["cross-origin-resource-policy"] == "same-origin"


def test_a_request_that_asks_before_it_comes_is_not_let_in(served: Served) -> None:
    headers = {
        "X-Grade-Token": "",
        "Origin": "https://evil.example",
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "x-grade-token",
    }

    reply = served.ask("OPTIONS", "/api/lessons/m9_1_scaling/file", headers=headers)

    assert reply.status in (401, 405)
    assert "access-control-allow-origin" not in reply.headers


@pytest.mark.parametrize("token", [True, False])
@pytest.mark.parametrize("path", ["/", "/api/stream", "/api/lessons/m9_1_scaling"])
def test_no_websocket_is_opened(served: Served, path: str, token: bool) -> None:
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "x3JJHMbDL1EzLkh9GBhXDw==",
        "X-Grade-Token": served.token if token else "",
    }
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)
    connection.request("GET", path, headers=upgrade)

    assert connection.getresponse().status != 101
    connection.close()


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2fapp.py",
        "/static//etc/passwd",
        "/course/m9_1_scaling/../scale.py",
        "/course/m9_1_scaling/..%2fscale.py",
        "/course/m9_1_scaling/%2e%2e%2fscale.py",
        "/course/m9_1_scaling/secret.txt",
        "/course/..%2f..%2fsolutions/m9_1_scaling.py",
        "/course/m9_1_scaling/a.svg%00",
        "/api/lessons/..%2f..%2fetc/file",
        "/api/lessons/m9_1_scaling%2f..%2f..%2fsolutions%2fm9_1_scaling/file",
        "/api/lessons/9.1/file",
        "/api/lessons/scaling/file",
        "/api/lessons/m9_1_scaling/exercises/__init__/why",
        "/api/lessons/m9_1_scaling/exercises/..%2fscale/why",
        "/api/lessons/m9_1_scaling/versions/-1",
        "/api/lessons/m9_1_scaling/versions/99999999999999999999999",
    ],
)
def test_nothing_is_named_by_a_path(served: Served, path: str) -> None:
    reply = served.ask("GET", path)

    assert reply.status in (400, 404)
    assert b"kept to itself" not in reply.content
    assert b"return x * factor" not in reply.content
    assert b"root:" not in reply.content


@pytest.mark.parametrize("path", ["/static", "/api/course/", "/api/lessons/m9_1_scaling/"])
def test_nothing_is_redirected(served: Served, path: str) -> None:
    assert served.ask("GET", path).status == 404


def test_a_picture_is_served_as_a_picture(served: Served) -> None:
    reply = served.ask("GET", "/course/m9_1_scaling/a.svg", headers={"X-Grade-Token": ""})

    assert reply.status == 200
    assert reply.headers["content-type"] == "image/svg+xml"
    assert reply.headers["content-security-policy"].startswith("default-src 'none'")


def test_the_page_may_load_and_run_its_own_files_alone(served: Served) -> None:
    replies = [served.ask("GET", "/") for _ in range(2)]
    policy = replies[0].headers["content-security-policy"]

    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert policy != replies[1].headers["content-security-policy"]  # a nonce serves once
    assert served.token.encode() not in replies[0].content


def test_what_is_no_page_is_never_taken_for_one(served: Served) -> None:
    lesson = "/api/lessons/m9_1_scaling"
    before = served.get(f"{lesson}/file")
    saved = served.ask("PUT", f"{lesson}/file", f"# {HTML}\n", headers={"If-Match": f'"{before["digest"]}"'})
    refused = served.ask("GET", f"/api/lessons/{HTML.replace('/', '')}")

    for reply in (saved, refused):
        assert reply.headers["content-type"] == "application/json"
        assert reply.headers["x-content-type-options"] == "nosniff"
    assert saved.json["content"] == f"# {HTML}\n"


def test_a_huge_request_is_refused_before_it_is_read(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.port)) as raw:
        head = f"PUT /api/lessons/m9_1_scaling/file HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\n"
        raw.sendall(f"{head}X-Grade-Token: {served.token}\r\nContent-Length: 99999999999\r\n\r\n".encode())
        assert raw.recv(100).split()[1] == b"413"


@pytest.mark.parametrize("body", ["", "[]", "nonsense", "[" * 100_000, '{"exercise": 1}', '{"option": true}', "{}"])
def test_nonsense_is_refused_in_words(served: Served, body: str) -> None:
    reply = served.ask("POST", "/api/lessons/m9_1_scaling/predictions/scale__negative", body)

    assert reply.status == 400
    assert json.loads(reply.content)["error"]
