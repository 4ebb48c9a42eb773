"""Answers of a lesson's known mistakes, which run in their own confined worker, like a student's code.

A known mistake may have been a student's function, drafted by `grade mistakes suggest`.
"""

import contextlib
import hashlib
import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from grader.course.exercise_text import Edit, Mistake, editable, edited
from grader.course.model import Lesson
from grader.course.submission import Source
from grader.engine.reference import Asked, Key, Reference, Returned
from grader.engine.worker_session import Runner
from grader.errors import Fault
from grader.feedback.call_failure import CallLost, Ending
from grader.sandbox import wire
from grader.sandbox.confinement import Limits
from grader.sandbox.zygote import Zygote

LIMITS = replace(Limits(), cpu_seconds=600, lesson_seconds=math.inf)
"""A mistake that takes longer than a student's call may is never named: the student gets a time-out."""

MAX_AHEAD = 60
"""Calls in one request."""
AHEAD_SECONDS = 0.25
"""What the solution takes for the calls of one request."""
MAX_AHEAD_BYTES = 2**18

Answer = Returned | Ending
"""What a known mistake returned, or why it returned nothing."""


@dataclass(repr=False)
class Candidates:
    """Functions that may explain a student's answers, in a confined worker that starts at the first call."""

    lesson: Lesson
    zygote: Zygote
    module: Callable[[], str]
    """Returns the source of the module that defines them."""
    stands_for: dict[str, str]
    """By function name: the exercise that the function replaces."""
    patience: float = math.inf
    """Seconds that `Runner.call` takes for the solution's when it sets a call's limit."""
    _runner: Runner | None = None
    _ahead: dict[Key, list[Answer]] = field(default_factory=dict)
    """Answers of `call_ahead`."""

    def call(self, key: Key) -> Answer:
        """Return a function's answer, or how it ended; raises Fault if the module does not load."""
        if (known := self._ahead.get(key)) is not None:
            answer = known.pop(0)
            if not known:
                del self._ahead[key]
            return answer
        runner = self._started()
        back = runner.call(key, lambda: self.patience)
        return back.ending if isinstance(back, CallLost) else self._read(runner, back[0])

    def call_ahead(self, keys: Iterable[Key], seconds: float) -> None:
        """Make calls that will be asked for, several in one request; ``seconds`` is what the solution takes for one.

        It only saves time: what is not answered here is called by itself. A request takes longer than most calls.
        """
        together = min(MAX_AHEAD, int(AHEAD_SECONDS / max(seconds, AHEAD_SECONDS / MAX_AHEAD)))
        waiting = list(keys)
        while together > 1 and len(part := waiting[:together]) > 1:
            waiting = waiting[together:]
            if sum(len(payload) for *_, payload in set(part)) > MAX_AHEAD_BYTES:
                return
            runner = self._started()
            answers = runner.call_together(part)
            for key, answer in zip(part, answers, strict=False):
                self._ahead.setdefault(key, []).append(self._read(runner, answer))
            if len(answers) < len(part):
                return

    def _read(self, runner: Runner, answer: dict[str, Any]) -> Answer:
        if answer["end"] != "returned":
            return runner.ending(answer)
        try:
            return Returned.of(wire.decode(answer["value"]))
        except (KeyError, TypeError, wire.WireError) as error:
            return runner.forged(error).ending

    def close(self) -> None:
        """End the worker, and with it any state that the functions keep."""
        self._ahead.clear()
        if self._runner is not None:
            self._runner.close()
            self._runner = None

    def _started(self) -> Runner:
        if self._runner is None:
            source = Source(f"lessons/{self.lesson.name}/*.md", self.module().encode())
            runner = Runner(self.lesson, source, self.zygote, LIMITS, stands_for=self.stands_for)
            loaded = runner.load()
            if isinstance(loaded, Ending):
                runner.close()
                raise Fault(f"the known mistakes of lesson {self.lesson.id} do not load: {loaded.message}")
            self._runner = runner
        return self._runner


@dataclass(repr=False)
class Mistaken:
    """The known mistakes of a lesson."""

    reference: Reference
    zygote: Zygote
    _candidates: Candidates | None = None

    @property
    def lesson(self) -> Lesson:
        """The lesson of the mistakes."""
        return self.reference.lesson

    def answer(self, mistake: Mistake, asked: Asked) -> Answer:
        """Return a mistake's answer, precomputed or from a call; raises Fault if the mistakes do not load."""
        key = mistake.label, asked.driver, asked.payload
        return self.reference.mistaken.get(key) or self._call(key)

    def call_ahead(self, mistakes: Iterable[Mistake], calls: Sequence[Asked]) -> None:
        """Make calls of known mistakes, all in the given order, that will be asked for."""
        keys = [(each.label, asked.driver, asked.payload) for each in mistakes for asked in calls]
        seconds = max((self.reference.wanted(asked).seconds for asked in calls), default=0.0)
        self._started().call_ahead((key for key in keys if key not in self.reference.mistaken), seconds)

    def keeps_state(self, mistake: Mistake, asked: Asked) -> bool:
        """Whether a mistake of this exercise answers the same call in two ways; a lesson is tried once.

        ``asked`` is a call that every submission has to answer, so that all of them find the same.
        """
        known = self.reference.keep_state
        if mistake.label not in known:
            alike = [each for each in self.lesson.mistakes if each.exercise == mistake.exercise]
            self.call_ahead(alike, (asked, asked))
            for each in alike:
                key = each.label, asked.driver, asked.payload
                first = self._call(key)
                known[each.label] = isinstance(first, Returned) and not _is_same(first, self._call(key))
            if any(known[each.label] for each in alike):
                self.close()  # what they have kept is not of the student's calls
        return known[mistake.label]

    def try_costly(self) -> None:
        """Precompute the mistakes' answers to the calls that took the solution long, then end the worker.

        This takes seconds, and saves them where many submissions fail: checks that draw nothing make the same calls in
        every run. A mistake that keeps state between calls is still called in every run.
        """
        for mistake in self.lesson.mistakes:
            keys = [
                (mistake.label, asked.driver, asked.payload)
                for asked in self.reference.costly
                if asked.exercise == mistake.exercise
            ]
            # Repeat the first call at the end: a mistake that answers it differently keeps state.
            answers = [self._call(key) for key in (*keys, *keys[:1])]
            if keys and _is_same(answers[0], answers[-1]):
                self.reference.mistaken.update(zip(keys, answers[:-1], strict=True))
        self.close()

    def close(self) -> None:
        """End the worker, and with it any state that the mistakes keep."""
        if self._candidates is not None:
            self._candidates.close()

    def _call(self, key: Key) -> Answer:
        return self._started().call(key)

    def _started(self) -> Candidates:
        if self._candidates is None:
            stands_for = {mistake.label: mistake.exercise for mistake in self.lesson.mistakes}
            self._candidates = Candidates(self.lesson, self.zygote, lambda: module_of(self.lesson), stands_for)
        return self._candidates


@dataclass(frozen=True)
class Edited:
    """An exercise of the solution with edits."""

    label: str
    """The name of its function."""
    source: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True)
class Group(Edited):
    """Two known mistakes combined, or several of those that the starter of an exercise contains."""

    mistakes: tuple[Mistake, ...]
    is_of_starter: bool = False
    """Whether the code to be repaired contains them all."""


def edited_by(lesson: Lesson, exercise: str, edits: tuple[Edit, ...]) -> Edited | None:
    """Return an exercise of the solution with these edits, or None if they do not apply."""
    texts = editable(lesson.solution_module, exercise)
    changed = edited(texts, edits)
    if isinstance(changed, Edit):
        return None
    source = joined(texts, changed)
    return Edited(f"{exercise}__{hashlib.sha256(source.encode()).hexdigest()[:16]}", source, edits)


def groups_of(lesson: Lesson, exercise: str, most: int) -> list[Group]:
    """Return at most ``most`` groups of an exercise's known mistakes whose edits fit into one solution.

    They are all pairs, and before them the larger groups that are left of a starter while it is being repaired.
    """
    texts = editable(lesson.solution_module, exercise)
    mistakes = [each for each in lesson.mistakes if each.exercise == exercise and each.edits]
    starter = lesson.texts[exercise].starter
    left = (group for size in range(3, len(starter) + 1) for group in itertools.combinations(starter, size))
    groups = itertools.chain(left, itertools.combinations(mistakes, 2))
    changes = ((group, edited(texts, (edit for each in group for edit in each.edits))) for group in groups)
    fitting = ((group, changed) for group, changed in changes if isinstance(changed, dict))
    return [
        Group(
            f"{exercise}__{number}",
            joined(texts, changed),
            tuple(edit for each in group for edit in each.edits),
            group,
            set(group) <= set(starter),
        )
        for number, (group, changed) in enumerate(itertools.islice(fitting, most))
    ]


def candidates_of(lesson: Lesson, exercise: str, zygote: Zygote, sources: Mapping[str, str]) -> Candidates:
    """Return changed solutions of an exercise as functions, called by the labels of their sources; none may take long.

    Each is compiled at its first call, so that one that is not valid Python only answers nothing.
    """

    def module() -> str:
        code, known = _known_in(lesson.solution_module.source)
        functions = [
            f"{label} = {known}({exercise!r}, 'changed', 0, {text!r}, True)" for label, text in sources.items()
        ]
        return "\n".join([lesson.solution_module.source, code, *functions])

    return Candidates(lesson, zygote, module, dict.fromkeys(sources, exercise), patience=0.0)


def module_of(lesson: Lesson) -> str:
    """Return a module with a lesson's known mistakes: the solution, and for each mistake a function named by its label.

    Each has its own copy of the solution's names, so that no mistake uses another's helpers; tracebacks show its lines
    in the `.md`.
    """
    code, known = _known_in(lesson.solution_module.source)
    parts = [lesson.solution_module.source, code]
    for exercise, text in lesson.texts.items():
        texts = editable(lesson.solution_module, exercise)
        for mistake in text.mistakes:
            source = joined(texts, lesson.changed_by[mistake.label])
            before = (mistake.function_line or mistake.line) - 1
            parts.append(f"{mistake.label} = {known}({mistake.exercise!r}, {text.file!r}, {before}, {source!r})")
    return "\n".join(parts)


_KNOWN = """
def _known(name, file, before, source, is_lazy=False):
    def load():
        namespace = dict(globals())
        try:
            exec(compile("\\n" * before + source, file, "exec"), namespace)
        except Exception as error:
            line, traceback = before + 1, error.__traceback__
            while traceback is not None:
                if traceback.tb_frame.f_code.co_filename == file:
                    line = traceback.tb_lineno
                traceback = traceback.tb_next
            raise ImportError(f"{file}:{line} does not load: {type(error).__name__}: {error}") from None
        return namespace[name]
    if not is_lazy:
        return load()
    loaded = []
    def call(*arguments, **keywords):
        if not loaded:
            loaded.append(load())
        return loaded[0](*arguments, **keywords)
    return call
"""


def _known_in(source: str) -> tuple[str, str]:
    """Return the code that defines a known mistake behind a source, and the name of its function, which is free."""
    name = "_known"
    while name in source:
        name += "_"
    return _KNOWN.replace("_known", name), name


def joined(texts: Mapping[str, str], changed: Mapping[str, str]) -> str:
    """Return an exercise with its changes, and the private functions that it uses: one of them may be changed."""
    return "\n\n\n".join({**texts, **changed}.values())


def _is_same(answer: Answer, other: Answer) -> bool:
    """Whether two answers are equal bit for bit."""
    if isinstance(answer, Returned) and isinstance(other, Returned):
        with contextlib.suppress(wire.WireError):
            return wire.encode(answer.raw) == wire.encode(other.raw)
    return isinstance(answer, Ending) and answer == other
