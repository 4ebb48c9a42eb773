"""What has been graded before, for one student's folder: looked up by what the file holds now."""

from collections.abc import Collection, Mapping
from pathlib import Path

from grader.course.model import Lesson
from grader.course.submission import Source, read_submission
from grader.progress.store import Store, key_of
from grader.sandbox import confinement
from grader.verdict import PUBLIC, LessonVerdict, Visibility


class Memory:
    """What has been graded before: of a student's own course only, for a submission may come from anybody."""

    def __init__(
        self,
        root: Path,
        submission: Path,
        seed: int = 0,
        exercises: Mapping[str, frozenset[str]] | None = None,
        checks: Collection[Visibility] = PUBLIC,
    ) -> None:
        is_own = submission.resolve() == (root / "exercises").resolve()
        self._store = Store.open(root) if is_own else None
        self._seed, self._exercises, self._submission, self._checks = seed, exercises or {}, submission, checks
        self._read: dict[str, tuple[dict[str, str], bytes]] = {}
        """By lesson: the key of its verdict for each isolation, and what the file holds."""

    @property
    def complaint(self) -> str:
        """What is wrong with the store."""
        return self._store.complaint if self._store is not None else ""

    def recall(self, lesson: Lesson) -> LessonVerdict | None:
        """Return the verdict on the present file, if it is known."""
        source = read_submission(self._submission, lesson.name)
        if self._store is None or not isinstance(source, Source):
            return None
        exercises = self._exercises.get(lesson.name, ())
        keys = {
            isolation: key_of(lesson, source.content, self._seed, exercises, self._checks, isolation=isolation)
            for isolation in (confinement.CONFINED, confinement.PROCESS)
        }
        self._read[lesson.name] = keys, source.content
        for isolation, key in keys.items():
            verdict = self._store.recall(key)
            # Asked where it matters only: to find out takes a tenth of a second.
            if verdict is not None and isolation == confinement.isolation():
                return verdict
        return None

    def remember(self, lesson: Lesson, verdict: LessonVerdict, isolation: str) -> None:
        """Keep a verdict, unless the file has changed while it was graded."""
        if self._store is not None and lesson.name in self._read:
            keys, content = self._read.pop(lesson.name)
            self.recall(lesson)
            if self._read.get(lesson.name) == (keys, content) and isolation in keys:
                self._store.remember(keys[isolation], content, verdict)
