"""The seed of a run whose examples are not known beforehand: derived from a secret, another one for each lesson."""

import hmac
import secrets
from collections.abc import Iterable, Mapping

VARIABLE = "GRADE_SECRET"
"""The environment variable that holds the secret of a course in CI."""


def new_secret() -> str:
    """Return a secret that has not been anywhere before."""
    return secrets.token_hex(32)


def seed_of(secret: str, lesson: str) -> int:
    """Return the seed of a lesson: positive, below 2**63, and without the secret not to be guessed."""
    digest = hmac.digest(secret.encode(errors="surrogateescape"), lesson.encode(), "sha256")
    return int.from_bytes(digest[:8], "big") % (2**63 - 1) + 1


def fresh_seeds(lessons: Iterable[str], environment: Mapping[str, str]) -> dict[str, int]:
    """Return a seed for each lesson: of the course's secret where the environment has it, else of a new one."""
    secret = environment.get(VARIABLE) or new_secret()
    return {lesson: seed_of(secret, lesson) for lesson in lessons}
