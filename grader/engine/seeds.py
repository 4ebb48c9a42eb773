"""Seeds for runs with unpredictable examples: derived from a secret, a different one for each lesson."""

import hmac
import secrets
from collections.abc import Iterable, Mapping

VARIABLE = "GRADE_SECRET"
"""The environment variable with a course's secret in CI."""


def new_secret() -> str:
    """Return a new random secret."""
    return secrets.token_hex(32)


def seed_of(secret: str, lesson: str) -> int:
    """Return a lesson's seed: positive, below 2**63, and unpredictable without the secret."""
    digest = hmac.digest(secret.encode(errors="surrogateescape"), lesson.encode(), "sha256")
    return int.from_bytes(digest[:8], "big") % (2**63 - 1) + 1


def fresh_seeds(lessons: Iterable[str], environment: Mapping[str, str]) -> dict[str, int]:
    """Return a seed for each lesson, from the secret in the environment, or from a new one if there is none."""
    secret = environment.get(VARIABLE) or new_secret()
    return {lesson: seed_of(secret, lesson) for lesson in lessons}
