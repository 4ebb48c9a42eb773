"""Where a browser on another machine finds the page."""

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from grader.web.outside import Outside, outside
from tests.small_lesson import write_lesson
from tests.web.served import Served, started

CODESPACE = {"CODESPACE_NAME": "fluffy-space-7x4", "GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN": "app.github.dev"}
CODE_SERVER = {"VSCODE_PROXY_URI": "https://code.example.org/proxy/{{port}}/"}
HUB = {"JUPYTERHUB_SERVICE_PREFIX": "/user/x/"}
NAMED_HUB = {**HUB, "JUPYTERHUB_PUBLIC_URL": "https://hub.example.org/user/x/"}


@pytest.mark.parametrize(
    ("environment", "address", "host"),
    [
        (CODESPACE, "https://fluffy-space-7x4-8123.app.github.dev/", "fluffy-space-7x4-8123.app.github.dev"),
        ({"CODESPACE_NAME": "a"}, "https://a-8123.app.github.dev/", "a-8123.app.github.dev"),
        (CODE_SERVER, "https://code.example.org/proxy/8123/", "code.example.org"),
        (
            {"VSCODE_PROXY_URI": "https://{{port}}--main--ws--me.coder.example.org"},
            "https://8123--main--ws--me.coder.example.org/",
            "8123--main--ws--me.coder.example.org",
        ),
        ({"VSCODE_PROXY_URI": "http://box:8080/proxy/{{port}}"}, "http://box:8080/proxy/8123/", "box"),
        (NAMED_HUB, "https://hub.example.org/user/x/proxy/8123/", "hub.example.org"),
        (HUB, "/user/x/proxy/8123/", ""),
        ({**HUB, **CODE_SERVER}, "https://code.example.org/proxy/8123/", "code.example.org"),
        ({**HUB, "VSCODE_PROXY_URI": "./proxy/{{port}}"}, "/user/x/proxy/8123/", ""),
    ],
)
def test_an_environment_tells_its_address_and_host(environment: Mapping[str, str], address: str, host: str) -> None:
    assert outside(environment, 8123) == Outside(address, host)


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"VSCODE_PROXY_URI": "./proxy/{{port}}"},
        {"VSCODE_PROXY_URI": "https://code.example.org/fixed/"},
        {"VSCODE_PROXY_URI": "https://[nonsense/{{port}}"},
        {"VSCODE_PROXY_URI": "javascript://x/{{port}}"},
        {"VSCODE_PROXY_URI": "https://{{host}}/{{port}}"},
        {"CODESPACE_NAME": ""},
    ],
)
def test_what_is_no_address_is_left_out(environment: Mapping[str, str]) -> None:
    assert outside(environment, 8123) is None


@pytest.mark.parametrize(
    ("environment", "options", "statuses"),
    [
        (CODESPACE, [], {"fluffy-space-7x4-{port}.app.github.dev": 200, "other-{port}.app.github.dev": 403}),
        (CODE_SERVER, [], {"code.example.org": 200, "evil.example": 403}),
        (NAMED_HUB, [], {"hub.example.org": 200, "hub.example.org:8000": 200, "evil.example": 403}),
        (HUB, [], {"hub.example.org": 200, "any.example": 200}),
        (HUB, ["--host", "hub.example.org"], {"HUB.example.org:8000": 200, "any.example": 403}),
        ({}, ["--host", "proxy.example.org:8443"], {"proxy.example.org": 200, "evil.example": 403}),
    ],
)
def test_the_printed_address_opens_there(
    tmp_path: Path, environment: Mapping[str, str], options: list[str], statuses: Mapping[str, int]
) -> None:
    write_lesson(tmp_path)
    with started(tmp_path, "9.1", *options, environment=environment) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        if environment:
            said += process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/#token=(\w+)&to=/9\.1\n", said)
        assert found is not None, said
        port = int(found[1])
        served = Served(process, port, found[2])
        expected = outside(environment, port)
        if expected is not None:
            assert f"{expected.address}#token={served.token}&to=/9.1\n" in said
        for host, status in {**statuses, "localhost:{port}": 200}.items():
            headers = {"Host": host.format(port=port)}
            assert served.ask("GET", "/api/course", headers=headers).status == status
            page = served.ask("GET", "/", headers=headers)
            assert page.status == status
            assert served.token.encode() not in page.content


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--host", "https://hub.example.org/user"], "--host https://hub.example.org/user is not a host name."),
        (["--host", "*"], "--host * is not a host name."),
        (["--frame", "*"], "--frame * is not an origin."),
        (["--frame", "https://a.example; script-src *"], "is not an origin."),
        (["--frame", "'self'"], "is not an origin."),
    ],
)
def test_what_would_open_the_door_too_far_is_refused(tmp_path: Path, options: list[str], complaint: str) -> None:
    write_lesson(tmp_path)
    done = subprocess.run(
        ["grade", "web", "--no-open", *options], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert done.returncode == 2
    assert complaint in done.stderr


def test_a_page_may_be_embedded_where_the_user_says_so(tmp_path: Path) -> None:
    write_lesson(tmp_path)
    with started(tmp_path, "--frame", "https://learn.example.org") as process:
        assert process.stdout is not None
        found = re.search(r":(\d+)/#token=(\w+)", process.stdout.readline())
        assert found is not None
        reply = Served(process, int(found[1]), found[2]).ask("GET", "/")

    assert "frame-ancestors https://learn.example.org" in reply.headers["content-security-policy"]
