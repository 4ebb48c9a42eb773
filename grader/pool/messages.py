"""Messages between a client and the fork server, and between the fork server and template processes."""

import msgspec


class Setup(msgspec.Struct, frozen=True):
    """The first message: what to import before anything is forked."""

    root: str
    """The folder of the course."""
    imports: list[str]
    many: bool
    """Whether it will fork enough processes that making each of them cheaper pays."""
    scratch: str
    """The folder for the temporary files of all processes."""


class Share(msgspec.Struct, frozen=True, tag=True):
    """Serve guests over a bound socket, which comes with this message."""


class Hello(msgspec.Struct, frozen=True, tag=True):
    """A guest's first message; a guest of another version is sent away."""

    version: str


class Ping(msgspec.Struct, frozen=True, tag=True):
    """Answer, to show that you can."""


class Prepare(msgspec.Struct, frozen=True, tag=True):
    """Fork a lesson's template process, unless there is one of this version."""

    lesson: str
    seed: int
    learns: bool
    """Whether to grade the solution first: this takes longer than a job, and saves half of every later one."""


class Prepared(msgspec.Struct, frozen=True):
    """The answer to `Prepare`."""

    seconds: dict[str, float]
    """By exercise: how long its checks take; empty for a lesson that was not learned."""


class Fork(msgspec.Struct, frozen=True, tag=True):
    """Fork a check process that communicates over a descriptor, which comes with this message."""

    lesson: str
    seed: int
    job: str | None
    """The job, as JSON; None for an idle process, which only a template process forks."""
    core: int | None
    """The core to pin it to."""
    folder: str = ""
    """For its temporary files; set by the fork server, for a template process."""


class Forked(msgspec.Struct, frozen=True):
    """The answer to `Fork`."""

    pid: int | None = None
    """None if no template process exists to fork an idle process."""
    folder: str = ""
    """Of its temporary files."""


class TryMistakes(msgspec.Struct, frozen=True, tag=True):
    """Precompute the answers of a lesson's known mistakes to the calls that take long."""

    lesson: str
    seed: int


class End(msgspec.Struct, frozen=True, tag=True):
    """Kill a check process, and with it all that it has started."""

    pid: int


Request = Share | Prepare | Fork | TryMistakes | End
"""From the client that started the fork server."""
GuestRequest = Hello | Ping | Fork | End
"""From a guest: enough to have jobs done, and nothing that others would notice."""
