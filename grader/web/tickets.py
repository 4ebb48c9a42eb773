"""Tickets: what opens the page once, within a short time.

The command line of a browser is visible to every user of the machine (`ps`), so the address in it holds a ticket; the
page exchanges it for the token.
"""

import secrets
import threading
import time
from collections.abc import Callable

LIFE_SECONDS = 120.0


class Tickets:
    """The tickets that have not been used yet. Any thread may call."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._ends: dict[str, float] = {}

    def issue(self) -> str:
        """Return a new ticket."""
        ticket = secrets.token_hex(16)
        with self._lock:
            self._forget()
            self._ends[ticket] = self._clock() + LIFE_SECONDS
        return ticket

    def take(self, ticket: str) -> bool:
        """Use a ticket up; return whether it was valid."""
        with self._lock:
            self._forget()
            return self._ends.pop(ticket, None) is not None

    def _forget(self) -> None:
        now = self._clock()
        self._ends = {ticket: end for ticket, end in self._ends.items() if end > now}
