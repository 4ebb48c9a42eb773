"""Where a browser on another machine finds a port of this one: in a Codespace, in code-server, in a JupyterHub.

These environments name themselves in variables. What they do with the header `Host`:

- Codespaces and dev tunnels replace it by `localhost:PORT` (MicrosoftDocs/vscodespaces#164, microsoft/dev-tunnels#284),
  or leave the name that the browser sees (mastodon/mastodon#26400).
- code-server and jupyter-server-proxy pass on what the browser sends.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from grader.web.guard import host_name

_CODESPACES_DOMAIN = "app.github.dev"


@dataclass(frozen=True)
class Outside:
    """How a browser on another machine reaches a port of this one."""

    address: str
    """That of the page; only its path, in a hub that does not tell its own name."""
    host: str
    """The name that requests have in their header ``Host``; empty if it is not known."""


def outside(environment: Mapping[str, str], port: int) -> Outside | None:
    """Return how a port is reached in the environment that the variables describe; None on a machine like any other."""
    if name := environment.get("CODESPACE_NAME"):
        domain = environment.get("GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN") or _CODESPACES_DOMAIN
        return _complete(f"https://{name}-{port}.{domain}/")
    pattern = environment.get("VSCODE_PROXY_URI", "")
    if "{{port}}" in pattern and (found := _complete(pattern.replace("{{port}}", str(port)))):
        return found
    if prefix := environment.get("JUPYTERHUB_SERVICE_PREFIX"):
        whole = _complete(f"{_folder(environment.get('JUPYTERHUB_PUBLIC_URL', ''))}proxy/{port}/")
        return whole or Outside(f"{_folder(prefix)}proxy/{port}/", "")
    return None


def _complete(address: str) -> Outside | None:
    """Return the address with its host; None if it is not a complete one."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    host = host_name(parts.netloc)
    if parts.scheme not in ("http", "https") or not host:
        return None
    return Outside(_folder(address), host)


def _folder(address: str) -> str:
    return address if address.endswith("/") else f"{address}/"
