"""The verdicts remembered for a student's folder, looked up by the content of a file."""

from collections.abc import Collection, Mapping
from pathlib import Path

from grader.course.model import Lesson
from grader.course.submission import Source, Unreadable
from grader.progress.store import Store, key_of
from grader.sandbox import confinement
from grader.verdict import PUBLIC, LessonVerdict, Visibility


class Memory:
    """Remembered verdicts on the exercises of this course, never on other submissions."""

    def __init__(
        self,
        root: Path,
        submission: Path,
        seed: int = 0,
        exercises: Mapping[str, frozenset[str]] | None = None,
        checks: Collection[Visibility] = PUBLIC,
    ) -> None:
        self.is_own = submission.resolve() == (root / "exercises").resolve()
        """Whether the files are the student's own."""
        self._store = Store.open(root) if self.is_own else None
        self.store = self._store or Store(None, root)
        """The store of verdicts; without one, it does nothing."""
        self._seed, self._exercises, self._checks = seed, exercises or {}, checks

    @property
    def complaint(self) -> str:
        """What is wrong with the store, or an empty string."""
        return self._store.complaint if self._store is not None else ""

    def recall(self, lesson: Lesson, source: Source | Unreadable) -> LessonVerdict | None:
        """Return the verdict on a file, or None if it is unknown."""
        if self._store is None or not isinstance(source, Source):
            return None
        for isolation in (confinement.CONFINED, confinement.PROCESS):
            verdict = self._store.recall(self._key(lesson, source, isolation))
            # Checked last: it takes a tenth of a second.
            if verdict is not None and isolation == confinement.isolation():
                return verdict
        return None

    def remember(self, lesson: Lesson, source: Source | Unreadable, verdict: LessonVerdict, isolation: str) -> None:
        """Store the verdict on a file."""
        if self._store is not None and isinstance(source, Source):
            self._store.remember(self._key(lesson, source, isolation), source.content, verdict)

    def _key(self, lesson: Lesson, source: Source, isolation: str) -> str:
        exercises = self._exercises.get(lesson.name, ())
        return key_of(lesson, source.content, self._seed, exercises, self._checks, isolation=isolation)
