"""What the client and the fork server say to each other, and the fork server to the template of a lesson."""

import msgspec


class Setup(msgspec.Struct, frozen=True):
    """The first message: what to import before anything is forked."""

    root: str
    """The folder of the course."""
    imports: list[str]
    many: bool
    """Whether it will fork so many processes that making each of them cheaper pays."""


class Prepare(msgspec.Struct, frozen=True, tag=True):
    """Fork the template of a lesson, unless there is one of this version."""

    lesson: str
    seed: int
    folder: str
    learns: bool
    """Whether to grade the solution first: that takes longer than a job, and saves half of every later one."""


class Prepared(msgspec.Struct, frozen=True):
    """The answer to `Prepare`."""

    seconds: dict[str, float]
    """By exercise, how long its checks take; empty for a lesson that was not learned."""


class Fork(msgspec.Struct, frozen=True, tag=True):
    """Fork a check process that speaks over a descriptor."""

    lesson: str
    seed: int
    folder: str
    """The one for its temporary files."""
    job: str | None
    """The job, as JSON; None for a process that waits for one, as only a template forks it."""
    core: int | None
    """The processor to keep to."""


class Forked(msgspec.Struct, frozen=True):
    """The answer to `Fork`."""

    pid: int | None = None
    """None where there is no template to fork an idle process."""


class TryMistakes(msgspec.Struct, frozen=True, tag=True):
    """Find out what the known mistakes of a lesson answer to the calls that take long."""

    lesson: str
    seed: int


class End(msgspec.Struct, frozen=True, tag=True):
    """End a check process, and all that it has started."""

    pid: int


Request = Prepare | Fork | TryMistakes | End
