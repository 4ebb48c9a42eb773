"""Answers the page's requests from the student's files and the store; nothing here waits for a verdict.

All methods run in one thread, which owns the connection to the store.
"""

import contextlib
import itertools
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

from grader.commands import Context, appeal, hint, reset, solution, undo, why
from grader.course import quiz
from grader.course.exercise_file import Prediction as Question
from grader.course.exercise_text import NUMBER_OF_HINTS
from grader.course.model import Course, Lesson
from grader.course.overview import titles_of
from grader.course.parse import read_text
from grader.course.solution import BONUS, Exercise
from grader.course.submission import MAX_BYTES, read_submission
from grader.errors import GraderError, UsageError
from grader.progress import predictions
from grader.progress.next_step import Kind, Step
from grader.progress.predictions import SURENESS, Guess
from grader.progress.store import CELL, Store, digest
from grader.reports import page
from grader.reports.text import Style
from grader.verdict import Status
from grader.web import animation, document, state, views
from grader.web.document import Document

WORDS_A_MINUTE = 200
EDITED = "edited"
_VERSIONS = {
    "passed": "an exercise passed",
    "reset": "before a reset",
    "undo": "before an undo",
    EDITED: "before a save in the page",
    CELL: "before a cell of a notebook",
}
GLOSSARY = "glossary"
LESSONS = "Lessons"
"""What the lessons without a number are called together."""


Saved: TypeAlias = views.FileView | views.Conflict


class NotFoundError(UsageError):
    """A request names something that the course or the store does not have."""


class Desk:
    """The student's folder, as the page sees it."""

    def __init__(self, course: Callable[[], Course], submission: Path) -> None:
        self._course = course
        """Returns the course as it was read last."""
        self._submission = submission

    @cached_property
    def _store(self) -> Store:
        return Store.open(self._course().root)

    @property
    def _context(self) -> Context:
        return Context(self._course(), self._submission, self._store, Style(), ask=lambda _: "")

    # The course and its lessons

    def course(self) -> views.CourseView:
        """Return the first page."""
        context = self._context
        try:
            step = context.step()
            said, where = _sentence(step), step.lesson.name if step.lesson is not None else ""
        except GraderError as error:
            said, where = str(error), ""
        return views.CourseView(
            title=context.course.settings.title,
            modules=tuple(
                views.Module(name, tuple(self._row(context, lesson) for lesson in lessons))
                for name, lessons in modules_of(context.course)
            ),
            next_step=said,
            next_lesson=where,
            next_exercise=step.exercise if where else "",
        )

    def lesson(self, lesson: Lesson) -> views.LessonView:
        """Return a lesson's page; raises GraderError if it cannot be read."""
        context = self._context
        names = [each.name for each in context.course.lessons]
        index = names.index(lesson.name)
        path = self._submission / f"{lesson.name}.py"
        root = context.course.root
        return views.LessonView(
            name=lesson.name,
            id=lesson.id,
            title=lesson.title,
            html=self._document(lesson.folder / "README.md").html,
            file=(path.relative_to(root) if path.is_relative_to(root) else path).as_posix(),
            exercises=tuple(self._info(lesson, exercise) for exercise in lesson.exercises),
            figures=tuple(
                views.Figure(
                    name=each.name,
                    still=each.still,
                    title=each.title,
                    about=each.about,
                    exercises=each.exercises,
                    controls=tuple(views.NamedControl(name, control) for name, control in each.controls.items()),
                )
                for each in lesson.interactive
            ),
            previous=names[index - 1] if index else "",
            following=names[index + 1] if index + 1 < len(names) else "",
            returned=self._returned(lesson),
        )

    def glossary(self) -> str:
        """Return the glossary as HTML."""
        return self._document(glossary_of(self._course())).html

    def figure(self, lesson: Lesson, name: str) -> Path | bytes:
        """Return a picture of a lesson's page: its file, or the PNG that stands for an animation.

        Raises NotFoundError for any other name.
        """
        known = {path.name: path for path in (lesson.folder / "figures").glob("*") if path.suffix in document.FIGURES}
        if name in known:
            return known[name]
        moving = animation.animation_of(Path(name))
        if moving is None or moving.name not in known:
            raise NotFoundError(f"Lesson {lesson.id} has no picture {name}.")
        return animation.still(known[moving.name])

    def uses(self, lesson: Lesson, figure: str) -> tuple[str, ...]:
        """Return the exercises that an interactive figure calls; raises NotFoundError if the lesson has none of it."""
        found = next((each for each in lesson.interactive if each.name == figure), None)
        if found is None:
            raise NotFoundError(f"Lesson {lesson.id} has no interactive figure {figure}.")
        return found.exercises

    def round(self, lesson: Lesson) -> views.RoundState:
        """Return how a lesson's file stands, from what is remembered of it."""
        context = self._context
        source = read_submission(self._submission, lesson.name)
        try:
            todo = [name for name, status in context.statuses(lesson).items() if status is Status.TODO]
            return state.remembered(lesson, source, context.verdict(lesson), todo)
        except GraderError as error:
            return replace(state.start(lesson), complaint=str(error))

    # The student's file

    def file(self, lesson: Lesson) -> views.FileView:
        """Return the student's file as it is on disk."""
        try:
            content = self._present(lesson)
        except GraderError as error:
            return views.FileView(lesson.name, "", "", str(error))
        if content is None:
            missing = f"There is no file {lesson.name}.py. Reset it to the starter code."
            return views.FileView(lesson.name, "", "", missing)
        return _view(lesson, content)

    def save(self, lesson: Lesson, text: str, base: str) -> Saved:
        """Write the student's file, if the version on disk is still ``base``; the version before stays in the store."""
        before = self._present(lesson)
        if before is not None and digest(before) != base:
            error = "The file has changed on disk since you began to edit it. Nothing was written."
            return views.Conflict(error, self.file(lesson))
        if before is not None and (complaint := _view(lesson, before).complaint):
            raise UsageError(complaint)
        content = text.encode()
        if before is not None and b"\r\n" in before:
            content = content.replace(b"\n", b"\r\n")
        if len(content) > MAX_BYTES:
            raise UsageError(f"The file would have {len(content):,} bytes; the limit is {MAX_BYTES:,}.")
        if content != before:
            if before is not None:
                self._store.keep(lesson.name, before, EDITED)
            reset.write(self._submission / f"{lesson.name}.py", content)
        return _view(lesson, content)

    def answer(self, lesson: Lesson, exercise: Exercise, question: str, letter: str, base: str) -> Saved:
        """Write one answer of a quiz into the student's file, as `save` writes it."""
        questions = quiz.questions_of(lesson.files[exercise.name])
        if question not in questions or letter not in quiz.LETTERS:
            raise NotFoundError(f"{exercise.name} has no question {question!r} with an answer {letter!r}.")
        view = self.file(lesson)
        if view.complaint:
            raise UsageError(view.complaint)
        text = quiz.with_answer(view.content, exercise.name, questions, question, letter)
        if text is None:
            raise UsageError(f"{exercise.name} does more than return a dict of letters: change it in the editor.")
        return self.save(lesson, text, base)

    def versions(self, lesson: Lesson) -> list[views.VersionRow]:
        """Return the earlier versions of a file, the newest first."""
        return [
            views.VersionRow(each.id, each.at, _VERSIONS.get(each.reason, each.reason))
            for each in self._store.versions(lesson.name)
        ]

    def version(self, lesson: Lesson, number: int) -> views.FileView:
        """Return an earlier version; raises NotFoundError if there is none of this number."""
        found = next((each for each in self._store.versions(lesson.name) if each.id == number), None)
        if found is None:
            raise NotFoundError(f"Lesson {lesson.id} has no version {number}.")
        return replace(_view(lesson, found.content), digest="")

    def reset(self, lesson: Lesson, exercise: str) -> views.Changed:
        """Put the file, or one exercise of it, back to the starter code; the version before is kept."""
        words = [lesson.name, *([lesson.exercise(exercise).name] if exercise else [])]
        return views.Changed(reset.run(self._context, words).text, self.file(lesson))

    def undo(self, lesson: Lesson) -> views.Changed:
        """Take the last reset or undo back."""
        return views.Changed(undo.run(self._context, [lesson.name]).text, self.file(lesson))

    # Help with an exercise

    def hints(self, lesson: Lesson, exercise: Exercise, *, one_more: bool = False) -> views.HintView:
        """Return the hints shown so far, after showing one more if requested."""
        context = self._context
        hints = hint.hints_of(lesson, exercise)
        show = hint.show_next if one_more else hint.number_shown
        shown = hints[: show(context, lesson, exercise)]
        found = hint.wrong_now(context, lesson, exercise)
        return views.HintView(
            tuple(document.fragment(each) for each in shown), NUMBER_OF_HINTS, tuple(page.blocks(found.splitlines()))
        )

    def why(self, lesson: Lesson, exercise: Exercise) -> views.WhyView:
        """Return what the checks of an exercise require."""
        requirements = why.requirements(lesson, exercise)
        return views.WhyView(tuple(requirements), why.tried(lesson, exercise), why.unseen(lesson, exercise))

    def solution(self, lesson: Lesson, exercise: Exercise, *, anyway: bool) -> views.SolutionView | None:
        """Return the solution of an exercise; None if it has not passed, unless it is to be shown anyway."""
        context = self._context
        has_passed = context.statuses(lesson).get(exercise.name) is Status.PASSED
        if not has_passed and not anyway:
            return None
        if not has_passed:
            solution.note_seen(context, lesson, exercise)
        mine, reference = solution.own(context, lesson, exercise), solution.solution(lesson, exercise)
        other = solution.another_style(lesson, exercise, mine) if has_passed else None
        explained = self._document(lesson.folder / "README.md").solutions.get(exercise.name, "")
        return views.SolutionView(
            mine="\n".join(mine) if has_passed else "",
            solution="\n".join(reference),
            words=solution.compared(mine, reference, has_passed=has_passed),
            another="\n".join(other[1]) if other is not None else "",
            another_words=other[0] if other is not None else "",
            explained=explained,
        )

    def appeal(self, lesson: Lesson, exercise: Exercise, says: str) -> bytes:
        """Return the file of an appeal; raises UsageError unless a verdict on the saved file has not passed."""
        return appeal.packed(self._context, lesson, exercise, says)

    def predict(self, lesson: Lesson, label: str, guess: views.PredictionGuess) -> views.PredictionAnswer:
        """Answer a prediction; raises UsageError for what does not exist."""
        question = self.question(lesson, label)
        if guess.option not in range(len(question.options)):
            raise UsageError(
                f"{label} has {len(question.options)} options, counted from 0; there is no {guess.option}."
            )
        if guess.sure and guess.sure not in SURENESS:
            raise UsageError(f"How sure an answer is must be one of {', '.join(SURENESS)}; there is no {guess.sure!r}.")
        if guess.during not in ("", *(each.name for each in self._course().lessons)):
            raise NotFoundError(f"This course has no lesson {guess.during!r}.")
        chosen, sentence = question.options[guess.option]
        answered = Guess(option=chosen, sure=guess.sure, during=guess.during or lesson.name)
        predictions.note(self._store, lesson, question, answered)
        because = f"{question.answer} {dict(question.options)[question.answer]}"
        is_right = chosen == question.answer
        return views.PredictionAnswer(is_right, sentence, "" if is_right else because)

    def question(self, lesson: Lesson, label: str) -> Question:
        """Return a prediction; raises NotFoundError if the lesson has none of this label."""
        found = next((each for each in lesson.predictions if each.label == label), None)
        if found is None:
            raise NotFoundError(f"Lesson {lesson.id} has no prediction {label}.")
        return found

    # Parts

    def _row(self, context: Context, lesson: Lesson) -> views.LessonRow:
        rows: list[views.ExerciseRow] = []
        complaint = ""
        try:
            statuses = context.statuses(lesson)
            rows = [views.ExerciseRow(each.name, each.bonus, statuses.get(each.name, "")) for each in lesson.exercises]
        except GraderError as error:
            complaint = str(error)
        return views.LessonRow(
            name=lesson.name,
            id=lesson.id,
            title=lesson.title,
            minutes=_minutes(lesson),
            exercises=tuple(rows),
            complaint=complaint,
        )

    def _info(self, lesson: Lesson, exercise: Exercise) -> views.ExerciseInfo:
        questions = [each for each in lesson.predictions if each.exercise == exercise.name]
        return views.ExerciseInfo(
            name=exercise.name,
            bonus=exercise.bonus,
            summary=exercise.summary.removeprefix(BONUS).strip(),
            fairness=why.tried(lesson, exercise),
            predictions=tuple(self._prediction(lesson, each) for each in questions),
            hints=len(lesson.texts[exercise.name].hints),
            questions=quiz.questions_of(lesson.files[exercise.name]),
        )

    def _prediction(self, lesson: Lesson, question: Question) -> views.Prediction:
        guess = predictions.last(self._store, lesson, question)
        options = tuple(option for option, _ in question.options)
        return views.Prediction(
            label=question.label,
            question=question.question,
            options=options,
            is_answered=bool(guess.at),
            chosen=options.index(guess.option) if guess.option in options else -1,
            sure=guess.sure,
        )

    def _returned(self, lesson: Lesson) -> tuple[views.ReturnedPrediction, ...]:
        return tuple(
            views.ReturnedPrediction(
                each.lesson.name,
                each.lesson.id,
                each.prediction.exercise,
                self._prediction(each.lesson, each.prediction),
            )
            for each in predictions.due(self._course(), self._store, lesson)
        )

    def _document(self, path: Path) -> Document:
        return document.read(read_text(path, self._course().root), path.parent, self._links(path))

    def _links(self, page: Path) -> document.Link:
        """Return what turns the links of a page into routes, and its pictures into addresses of the server."""
        pages = pages_of(self._course())

        def route(target: Path, anchor: str) -> str:
            name = pages[target]
            return f"#/{name}?at={anchor}" if anchor else f"#/{name}"

        return document.links(page, pages, route, lambda picture: f"course/{picture.parent.parent.name}/{picture.name}")

    def _present(self, lesson: Lesson) -> bytes | None:
        return reset.present(self._submission / f"{lesson.name}.py")


def modules_of(course: Course) -> list[tuple[str, list[Lesson]]]:
    """Return the modules of a course, named as its README names them, with their lessons."""
    titles = titles_of(_readme(course.root))
    groups = itertools.groupby(course.lessons, key=lambda lesson: lesson.module)
    named = ((LESSONS if number is None else titles.get(number, f"Module {number}"), each) for number, each in groups)
    return [(name, list(lessons)) for name, lessons in named]


def pages_of(course: Course) -> dict[Path, str]:
    """Return what the page calls each Markdown file that it shows: the lesson's number, or ``glossary``."""
    lessons = {each.folder / "README.md": each.id for each in course.lessons}
    return {**lessons, glossary_of(course): GLOSSARY}


def glossary_of(course: Course) -> Path:
    """Return the path of the glossary, which a course need not have."""
    return course.root / "lessons" / "GLOSSARY.md"


def _view(lesson: Lesson, content: bytes) -> views.FileView:
    try:
        text = content.decode().replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        complaint = f"{lesson.name}.py is not UTF-8 text (byte {error.start}), so it cannot be edited here."
        return views.FileView(lesson.name, "", digest(content), complaint)
    letters: list[views.Letter] = []
    with contextlib.suppress(GraderError):
        for name, file in lesson.files.items():
            if quiz.questions_of(file):
                found = quiz.answers_in(text, name) or {}
                letters += [views.Letter(name, question, letter) for question, letter in found.items()]
    return views.FileView(lesson.name, text, digest(content), "", tuple(letters))


def _minutes(lesson: Lesson) -> int:
    """Return how long reading a lesson takes, without its solutions."""
    with contextlib.suppress(OSError):
        text = (lesson.folder / "README.md").read_text(encoding="utf-8", errors="replace")
        return round(len(text.partition(f"\n## {document.SOLUTIONS}")[0].split()) / WORDS_A_MINUTE)
    return 0


def _readme(root: Path) -> str:
    with contextlib.suppress(OSError):
        return (root / "README.md").read_text(encoding="utf-8", errors="replace")
    return ""


def _sentence(step: Step) -> str:
    if step.lesson is None:
        return step.sentence
    if step.kind is Kind.BEGIN:
        return f"Begin lesson {step.lesson.id}, {step.lesson.title}"
    return f"{step.kind.capitalize()} {step.exercise} of lesson {step.lesson.id}"
