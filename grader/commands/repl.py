"""`grade repl`: interactive Python at the failing call, with the student's functions and the call's values.

It runs in a process of its own, unconfined: students run their own code on their own machine, as with
`python exercises/...`. So it opens only the course's own exercises, never the folder of another person.
"""

import ast
import code
import copy
import inspect
import signal
import subprocess
import sys
import traceback
import types
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.commands import Answer, Context
from grader.course.model import Lesson
from grader.course.solution import Exercise
from grader.course.submission import Unreadable, read_submission
from grader.errors import GraderError, UsageError
from grader.invocation import as_typed
from grader.progress.store import Store, digest
from grader.text import clean
from grader.verdict import ExerciseVerdict, LessonVerdict, Status

if TYPE_CHECKING:
    from grader.engine.reference import Reference

USAGE = "grade repl LESSON, or grade repl LESSON EXERCISE"
OWN_CODES = {0, 1, 2, 3, 130}
"""The exit codes of a session; any other one comes from the student's code."""
CALL_IT = "call()"
_START = f"""
import sys
sys.path.append({str(Path(__file__).resolve().parents[2])!r})
try:
    from grader.commands.repl import session
    code = session(*sys.argv[1:])
except KeyboardInterrupt:
    code = 130
sys.exit(code)
"""


@dataclass(frozen=True)
class Scene:
    """The call that a session is about."""

    title: str
    """Which call it is, in words."""
    text: str = ""
    """The call, ready to paste; empty where there is none."""
    call: inspect.BoundArguments | None = None
    """Its values; None where the text is lines that use a class."""


def run(context: Context, words: Sequence[str]) -> Answer:
    """Open a session on an exercise, and return when it ends."""
    if context.submission.resolve() != (context.course.root / "exercises").resolve():
        raise UsageError(
            "grade repl runs a file unconfined, as if you ran it yourself, so it opens only your own exercises/."
            " Omit --submission."
        )
    lesson, exercise = _chosen(context, words)
    source = read_submission(context.submission, lesson.name)
    if isinstance(source, Unreadable):
        raise UsageError(source.reason)
    ended = _start(context, lesson, exercise)
    if ended in OWN_CODES:
        return Answer(f"Next: grade {lesson.id} {exercise.name}" if ended == 0 else "", ended)
    how = f"signal {-ended}" if ended < 0 else f"exit code {ended}"
    return Answer(f"The process of the session ended with {how}: your code ended it, or it was killed.", 1)


def session(root: str, command: str, name: str, exercise_name: str) -> int:
    """Run the session until it is left; this is the main function of its process, and returns its exit code."""
    try:
        lesson = Lesson(Path(root), name)
        exercise = lesson.exercise(exercise_name)
        return _session(lesson, exercise, command)
    except GraderError as error:
        sys.stderr.write(as_typed(f"grade: {error}\n", command))
        return error.exit_code


def find_scene(exercise: Exercise, verdict: LessonVerdict | None, reference: "Reference") -> Scene:
    """Return the failing call of the last verdict, or else the docstring example."""
    import numpy as np
    import torch

    found = next((each for each in verdict.exercises if each.name == exercise.name), None) if verdict else None
    text, function = failing_call(found), getattr(reference.solution, exercise.name)
    if exercise.is_class and text:
        return Scene("The smallest failing lines, ready to paste:", text)
    call = bind(text, function, {"torch": torch, "np": np})
    if call is not None:
        return Scene("The smallest failing call, ready to paste:", text, call)
    reason = _why_no_failing_call(reference.lesson, exercise, found)
    example = reference.lesson.examples.get(exercise.name)
    if exercise.is_class and example is not None:
        return Scene(f"{reason} Here is the docstring example, ready to paste:", example.code)
    text, call = _example(exercise, reference)
    if call is None:
        return Scene(f"{reason} Its docstring has no example to use instead.")
    return Scene(f"{reason} Here is the docstring example, ready to paste:", text, call)


def failing_call(verdict: ExerciseVerdict | None) -> str:
    """Return the first failing call of an exercise as text, or an empty text."""
    checks = verdict.checks if verdict is not None else ()
    return next(
        (each.counterexample for each in checks if each.status is not Status.PASSED and each.counterexample), ""
    )


def bind(text: str, function: Callable[..., Any], namespace: dict[str, Any]) -> inspect.BoundArguments | None:
    """Return the arguments of a call given as text, or None if it is not a plain call of the function.

    It is not if a value is too large to write down, or if a check drives the function with its own code: then the
    report shows the arguments of the driver.
    """
    try:
        match ast.parse(text, mode="eval").body:
            case ast.Call(args=positional, keywords=keywords) if not isinstance(function, type):
                # Trusted text, from the student's own store or the solution's docstring.
                args = [eval(ast.unparse(node), namespace) for node in positional]  # noqa: S307
                kwargs = {str(each.arg): eval(ast.unparse(each.value), namespace) for each in keywords}  # noqa: S307
                return inspect.signature(function).bind(*args, **kwargs)
    except Exception:  # noqa: BLE001  whatever is wrong with the text, it gives no call to show
        return None
    return None


def banner(lesson: Lesson, exercise: Exercise, scene: Scene, names: Sequence[str]) -> str:
    """Return the opening text of a session: the call, the available names, and how to leave."""
    lines = [
        f"{lesson.id} {exercise.name}, with exercises/{lesson.name}.py as saved.",
        "",
        scene.title,
    ]
    at_hand = {
        "student": "your file, as a module",
        "torch": "the module",
        "np": "NumPy",
        ", ".join(names): "your functions" if len(names) > 1 else "your function",
    }
    if scene.text:
        # Not indented: an indented line cannot be pasted.
        lines += ["", *clean(scene.text).splitlines()]
    if scene.call is not None:
        values = {
            "wanted": "what the solution returns for this call",
            "inputs": f"the arguments of this call; one by one: {', '.join(scene.call.arguments)}",
        }
        at_hand = {
            CALL_IT: "calls your function with the values of inputs",
            **(values if scene.call.arguments else {}),
            **at_hand,
        }
    lines += ["", "Available:"]
    lines += [f"  {name}\n      {what}" if len(name) > 10 else f"  {name:<9} {what}" for name, what in at_hand.items()]
    lines += [
        "",
        "Save your file, and the next line that you enter finds it loaded again. A breakpoint() in it stops there.",
        "Leave with Ctrl-D (Windows: Ctrl-Z, Enter).",
        "",
    ]
    return "\n".join(lines) + "\n"


def _chosen(context: Context, words: Sequence[str]) -> tuple[Lesson, Exercise]:
    """Return what words name; for a lesson alone, the first exercise with a failing call, as in the report."""
    lesson, exercise = context.selected(words, USAGE)
    verdict = context.verdict(lesson)
    if len(words) == 1 and verdict is not None:
        failing = (each.name for each in verdict.exercises if failing_call(each))
        exercise = lesson.exercise(next(failing, exercise.name))
    return lesson, exercise


def _start(context: Context, lesson: Lesson, exercise: Exercise) -> int:
    words = [str(context.course.root.resolve()), context.style.command, lesson.name, exercise.name]
    # Ctrl-C reaches both processes but is meant for the session, which would inherit SIG_IGN but not a handler.
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        return subprocess.run(  # noqa: S603  our own interpreter and names of the course
            [sys.executable, "-I", "-X", "utf8", "-c", _START, *words],
            check=False,
        ).returncode
    finally:
        signal.signal(signal.SIGINT, before)


def _session(lesson: Lesson, exercise: Exercise, command: str) -> int:
    if sys.stderr.isatty():
        sys.stderr.write("Loading PyTorch...\r")
        sys.stderr.flush()
    import numpy as np
    import torch

    from grader.engine.reference import Reference

    folder = lesson.root / "exercises"
    source = read_submission(folder, lesson.name)
    if isinstance(source, Unreadable):
        raise UsageError(source.reason)
    store = Store.open(lesson.root)
    reference = Reference(lesson)
    # Compute everything of ours before loading the student's file, which may change torch's settings.
    scene = find_scene(exercise, store.last(lesson.name, digest(source.content)), reference)
    store.close()
    at_hand: dict[str, Any] = {}
    if scene.call is not None:
        at_hand = _wanted(exercise, scene.call, reference)
    try:
        student = _load(folder / f"{lesson.name}.py", lesson.name, source.content)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001  whatever the student's file raises
        _show_error(error, folder / f"{lesson.name}.py")
        step = f"\nYour file does not load. Fix that first, then: grade repl {lesson.id} {exercise.name}\n"
        sys.stderr.write(as_typed(step, command))
        return 1
    functions = _functions_of(student, lesson)
    if scene.call is not None:
        inputs = dict(scene.call.arguments)
        at_hand = {**inputs, **at_hand, "inputs": inputs, "call": _caller(exercise, functions, scene.call, inputs)}
    # A function hides an argument of the same name: the pasted call needs it.
    at_hand |= {**functions, "student": student, "torch": torch, "np": np, "__name__": "__console__", "__doc__": None}
    sys.stdout.write(as_typed(banner(lesson, exercise, scene, list(functions)), command))
    sys.stdout.flush()
    _interact(at_hand, _Reloading(lesson, source.content, functions, at_hand))
    return 0


def _functions_of(student: types.ModuleType, lesson: Lesson) -> dict[str, Any]:
    return {each.name: getattr(student, each.name) for each in lesson.exercises if hasattr(student, each.name)}


@dataclass
class _Reloading:
    """Loads the student's file again once it was saved."""

    lesson: Lesson
    content: bytes
    """The content that was loaded last."""
    functions: dict[str, Any]
    namespace: dict[str, Any]

    def __call__(self) -> None:
        """Load the file if it has changed, and say so; one that does not load leaves everything as it was."""
        folder, name = self.lesson.root / "exercises", self.lesson.name
        source = read_submission(folder, name)
        if isinstance(source, Unreadable) or source.content == self.content:
            return
        self.content = source.content
        try:
            student = _load(folder / f"{name}.py", name, source.content)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001  whatever the student's file raises
            _show_error(error, folder / f"{name}.py")
            sys.stderr.write("Your saved file does not load. The functions here are still those from before.\n")
            return
        self.functions.clear()
        self.functions.update(_functions_of(student, self.lesson))
        self.namespace.update(self.functions, student=student)
        sys.stderr.write(f"(exercises/{name}.py was saved: loaded again.)\n")


def _show_error(error: BaseException, path: Path) -> None:
    sys.stderr.write(clean("".join(traceback.format_exception(type(error), error, _from_file(error, path)))))


def _wanted(exercise: Exercise, call: inspect.BoundArguments, reference: "Reference") -> dict[str, Any]:
    """Return the solution's answer by its name; not for a call without arguments, such as a quiz with one answer."""
    from grader.engine.reference import Asked, Raised, Unanswerable

    if not call.arguments:
        return {}
    try:
        answer = reference.wanted(Asked.of(exercise.name, None, call.args, call.kwargs))
    except Unanswerable as error:
        return {"wanted": error}
    return {"wanted": answer.error if isinstance(answer, Raised) else answer.raw}


def _caller(
    exercise: Exercise, functions: dict[str, Any], bound: inspect.BoundArguments, inputs: dict[str, Any]
) -> Callable[[], Any]:
    def call() -> Any:
        """Call your function with the values of `inputs` as they are now; they stay as they are."""
        # By position: the checks do not require the solution's argument names either.
        arguments = inspect.BoundArguments(bound.signature, copy.deepcopy(inputs))
        _seed()
        return functions[exercise.name](*arguments.args, **arguments.kwargs)

    return call


class _Console(code.InteractiveConsole):
    """Runs lines, and before each looks whether the student's file was saved."""

    def __init__(self, namespace: dict[str, Any], refresh: Callable[[], None]) -> None:
        super().__init__(namespace)
        self._refresh = refresh

    def runcode(self, code: types.CodeType) -> None:
        """Run a line, with the functions of the file as it is now."""
        self._refresh()
        super().runcode(code)


def _interact(namespace: dict[str, Any], refresh: Callable[[], None]) -> None:
    """Read and run lines until the end of the input or an exit."""
    if sys.stdin.isatty():
        _complete_with_tab(namespace)
    else:
        # A pipe needs no prompts.
        sys.ps1 = sys.ps2 = ""
    try:
        _Console(namespace, refresh).interact(banner="", exitmsg="")
    except SystemExit:
        return


def _complete_with_tab(namespace: dict[str, Any]) -> None:
    try:
        import readline
        import rlcompleter
    except ImportError:  # Windows has no readline
        return
    readline.set_completer(rlcompleter.Completer(namespace).complete)
    is_libedit = "libedit" in (readline.__doc__ or "")
    readline.parse_and_bind("bind ^I rl_complete" if is_libedit else "tab: complete")


def _load(path: Path, name: str, content: bytes) -> types.ModuleType:
    """Run the student's file as a module; an import could take an older, cached version."""
    module = types.ModuleType(name)
    module.__file__ = str(path)
    sys.modules[name] = module
    exec(compile(content, str(path), "exec", dont_inherit=True), module.__dict__)  # noqa: S102  the purpose of a session
    return module


def _from_file(error: BaseException, path: Path) -> types.TracebackType | None:
    """Return the frames of an error from the student's file on; those before are ours."""
    frames = error.__traceback__
    while frames is not None and frames.tb_frame.f_code.co_filename != str(path):
        frames = frames.tb_next
    return frames


def _seed() -> None:
    """Seed the random numbers as for each call of a check."""
    import torch

    from grader.sandbox.worker import SEED

    torch.manual_seed(SEED)


def _example(exercise: Exercise, reference: "Reference") -> tuple[str, inspect.BoundArguments | None]:
    from grader.feedback import format_value

    example = reference.lesson.examples.get(exercise.name)
    if example is None:
        return "", None
    function, namespace = getattr(reference.solution, exercise.name), dict(reference.solution.__dict__)
    _seed()
    for statement in example.statements:
        exec(statement, namespace)  # noqa: S102  the course's own docstring
    call = bind(example.call, function, namespace)
    if call is None:
        return "", None
    text = format_value.call(exercise.name, call.args, call.kwargs, exercise.parameters)
    # A value that cannot be written down is available all the same.
    return (text if bind(text, function, {name: namespace.get(name) for name in ("torch", "np")}) else CALL_IT), call


def _why_no_failing_call(lesson: Lesson, exercise: Exercise, verdict: ExerciseVerdict | None) -> str:
    if verdict is None:
        name = exercise.name
        return f"No failing call of {name} is known for the saved file: grade {lesson.id} {name} may find one."
    if verdict.status is Status.PASSED:
        return f"{exercise.name} has passed."
    if verdict.status is Status.TODO:
        return f"{exercise.name} is not written yet."
    return f"The failure of {exercise.name} is not a single call that can be shown here."
