"""What happens between a student's file and its functions being called, and what a student reads when it ends there."""

import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch

from grader import cli
from grader.authoring import CheckFailed
from grader.course.model import Lesson
from grader.course.submission import Source
from grader.engine.reference import Reference
from grader.engine.student import Student
from grader.engine.worker_session import Runner
from grader.feedback.call_failure import CallFailed, CallLost, Ending, timed_out
from grader.feedback.exceptions import PYTHON
from grader.sandbox.clock import Usage
from grader.sandbox.confinement import Limits
from grader.sandbox.zygote import Zygote
from grader.verdict import Status
from tests.conftest import ROOT

FILE = "exercises/file.py"
RIGHT = """\
def compute_grid(x, y, w_values, b_values):
    return ((y - w_values[:, None, None] * x - b_values[:, None]) ** 2).mean(-1)
"""
STUB = 'def compute_grid(x, y, w_values, b_values):\n    raise NotImplementedError("TODO: compute_grid")\n'
HEAD = "def compute_grid(x, y, w_values, b_values):\n"
Hand = Callable[..., Student]


@pytest.fixture
def hand_in(lesson: Lesson, zygote: Zygote) -> Iterator[Hand]:
    """Hand in a text, and end its worker after the test."""
    students = []

    def hand_in_one(text: str | bytes, limits: Limits | None = None) -> Student:
        content = text if isinstance(text, bytes) else textwrap.dedent(text).encode()
        students.append(Student(Runner(lesson, Source(FILE, content), zygote, limits or Limits()), Reference(lesson)))
        return students[-1]

    yield hand_in_one
    for student in students:
        student.close()


def standing(student: Student, name: str = "compute_grid") -> Ending | None:
    return student.standing(student.lesson.exercise(name))


def ending_of(student: Student, name: str = "compute_grid") -> Ending:
    """Return why there is nothing to call."""
    ending = standing(student, name)
    assert ending is not None
    return ending


def call(student: Student) -> object:
    """Call compute_grid."""
    x, y = torch.tensor([0.0, 1.0]), torch.tensor([1.0, 3.0])
    function = student.function(student.lesson.exercise("compute_grid"))
    return function(x, y, torch.tensor([0.0, 2.0]), torch.tensor([0.0, 1.0, 2.0]))


def ending_of_call(student: Student) -> Ending:
    """Return why a call gave no value."""
    with pytest.raises((CallFailed, CallLost)) as caught:
        call(student)
    assert isinstance(caught.value, (CallFailed, CallLost))
    return caught.value.ending


def lines(ending: Ending) -> list[int]:
    return [frame.line for frame in ending.frames]


# ---- What a file does when it is loaded ------------------------------------------------------------------------------


def test_a_file_that_reads_its_arguments_has_none(hand_in: Hand) -> None:
    student = hand_in(
        f"import argparse, sys\nassert sys.argv == ['file.py']\nargparse.ArgumentParser().parse_args()\n{RIGHT}"
    )

    assert standing(student) is None


REQUIRED = "import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument('data')\nparser.parse_args()\n"
ENDS = {
    "exit with main": ("import sys\nsys.exit(main())\n", 4, "ends the program"),
    "exit": ("exit()\n", 3, "ends the program"),
    "quit": ("quit(0)\n", 3, "ends the program"),
    "SystemExit": ("raise SystemExit\n", 3, "ends the program"),
    "exit in a function": ("def end():\n    exit()\nend()\n", 4, "ends the program"),
    "arguments": (REQUIRED, 6, "reads the command line"),
    "exit at once": ("import os\nos._exit(3)\n", 4, "(exit code 3) while it was loaded"),
}


@pytest.mark.parametrize(("text", "line", "words"), ENDS.values(), ids=ENDS)
def test_a_file_that_ends_the_program_is_told_what_to_do(text: str, line: int, words: str, hand_in: Hand) -> None:
    ending = ending_of(hand_in(f"def main():\n    return 0\n{text}{RIGHT}"))

    assert ending.status is Status.CRASHED
    assert words in ending.message
    assert 'Put it under `if __name__ == "__main__":`' in ending.message
    assert "`return`" not in ending.message, "there it would be a SyntaxError"
    assert line in lines(ending)


def test_what_argparse_says_is_shown(hand_in: Hand) -> None:
    assert "the following arguments are required: data" in ending_of(hand_in(REQUIRED + RIGHT)).output


def test_a_function_that_ends_the_program_is_told_to_return(hand_in: Hand) -> None:
    ending = ending_of_call(hand_in("def compute_grid(x, y, w_values, b_values):\n    exit(0)\n"))

    assert ending.status is Status.CRASHED
    assert "Use `return`." in ending.message
    assert lines(ending) == [2]


@pytest.mark.parametrize("text", ["input()\n", "n = int(input('how many? '))\n"])
def test_nothing_can_be_typed_while_a_file_is_loaded(text: str, hand_in: Hand) -> None:
    ending = ending_of(hand_in(text + RIGHT))

    assert ending.status is Status.RAISED
    assert "nothing can be typed" in ending.advice
    assert "__main__" in ending.advice
    assert lines(ending) == [1]


def test_nothing_can_be_typed_in_a_call(hand_in: Hand) -> None:
    ending = ending_of_call(hand_in("def compute_grid(x, y, w_values, b_values):\n    return input('b: ')\n"))

    assert "nothing can be typed" in ending.advice
    assert "arguments of the function" in ending.advice


OUT_OF_REACH = {
    "a data file": ("open('data.csv')\n", "graded in an empty folder of its own."),
    "a model": ("import torch\ntorch.load('model.pt')\n", "graded in an empty folder of its own."),
    "a folder of Colab": ("import os\nos.chdir('/content')\n", "graded in an empty folder of its own."),
    "a download": (
        "from urllib.request import urlopen\nurlopen('http://example.com')\n",
        "The network cannot be reached",
    ),
    "a program": ("import subprocess\nsubprocess.run(['ls'])\n", "programs are out of reach"),
    "a process": ("import multiprocessing as m\nm.Process(target=print).start()\n", "processes and programs are out"),
    "an argument": ("import sys\nn = int(sys.argv[1])\n", "holds the name of your file, and no arguments"),
}


@pytest.mark.parametrize(("text", "words"), OUT_OF_REACH.values(), ids=OUT_OF_REACH)
def test_what_a_file_cannot_do_while_it_is_loaded_belongs_under_main(text: str, words: str, hand_in: Hand) -> None:
    ending = ending_of(hand_in(text + RIGHT))

    assert ending.status is Status.RAISED
    assert words in ending.advice
    assert ending.advice.endswith('Put it under `if __name__ == "__main__":`, which the grader does not run.')
    assert lines(ending) == [len(text.splitlines())]


def test_what_a_call_cannot_do_has_the_arguments_in_its_place(hand_in: Hand) -> None:
    ending = ending_of_call(
        hand_in("def compute_grid(x, y, w_values, b_values):\n    return open('data.csv').read()\n")
    )

    assert ending.advice.endswith("Use the arguments of the function instead.")


@pytest.mark.skipif(torch.cuda.is_available(), reason="a GPU takes what is sent to it")
@pytest.mark.parametrize("body", ["x.cuda()", "x.to('cuda')", "x.to('mps')", "torch.zeros(2, device='cuda')"])
def test_a_gpu_that_is_not_there_is_told(body: str, hand_in: Hand) -> None:
    ending = ending_of_call(hand_in(f"import torch\n{HEAD}    return {body}\n"))

    assert ending.status is Status.RAISED
    assert ending.advice.startswith("This is graded without a GPU.")


@pytest.mark.skipif(torch.cuda.is_available(), reason="a GPU takes what is sent to it")
def test_a_default_device_that_is_not_there_does_not_end_the_worker(hand_in: Hand) -> None:
    top = "import torch\ntorch.set_default_device('cuda')\n"
    making = f"{HEAD}    return torch.zeros(2)\n"
    changing = f"import torch\n{HEAD}    torch.set_default_device('cuda')\n    return x\n"

    assert ending_of_call(hand_in(top + making)).advice.startswith("This is graded without a GPU.")
    with pytest.raises(CheckFailed):
        call(student := hand_in(changing))
    assert "default device" in str(student.conduct)


@pytest.mark.parametrize(
    ("name", "line"),
    [("Tensor", "from torch import Tensor"), ("np", "import numpy as np"), ("plt", "import matplotlib.pyplot as plt")],
)
def test_an_import_that_is_missing_is_suggested(name: str, line: str, hand_in: Hand) -> None:
    assert ending_of(hand_in(f"x = {name}\n{RIGHT}")).advice == f"Is this line missing at the top of your file? {line}"


def test_what_was_printed_before_a_file_could_not_be_loaded_is_shown(hand_in: Hand) -> None:
    ending = ending_of(hand_in("print('keys', ['x'])\n{}['X']\n"))

    assert ending.output == "keys ['x']\n"
    assert ending.message == "KeyError: 'X'"


HURRIED = Limits(call_seconds=0.5, load_seconds=0.5)


def test_a_file_that_trains_when_it_is_loaded_is_told_where(hand_in: Hand) -> None:
    text = "def train():\n    while True:\n        pass\n\nprint('begun')\ntrain()\n"
    ending = ending_of(hand_in(text + RIGHT, HURRIED))

    assert ending.status is Status.TIMEOUT
    assert "did not finish loading" in ending.message
    assert "__main__" in ending.message
    assert "begun" in ending.message
    assert [frame.function for frame in ending.frames] == ["<module>", "train"]
    assert ending.frames[0].code == "train()"


def test_an_import_that_takes_too_long_is_called_one(hand_in: Hand) -> None:
    finder = (
        "import sys, time\nclass Slow:\n    def find_spec(self, name, path, target=None):\n        time.sleep(60)\n"
    )
    ending = ending_of(hand_in(f"{finder}sys.meta_path.insert(0, Slow())\nimport slowly\n{RIGHT}", HURRIED))

    assert ending.status is Status.TIMEOUT
    assert ending.frames[0].code == "import slowly"
    # What sleeps stands in the file itself here, and in a library elsewhere.
    said = [timed_out(Usage(2.0), 2.0, "", frames, is_loading=True).message for frames in (ending.frames[:1], ())]
    assert "This import takes too long: move it into the function" in said[0]
    assert "import" not in said[1]


def test_a_call_that_does_not_return_is_told_where(hand_in: Hand) -> None:
    text = "def compute_grid(x, y, w_values, b_values):\n    steps = 0\n    while steps < 10:\n        steps -= 1\n"
    ending = ending_of_call(hand_in(text, HURRIED))

    assert ending.status is Status.TIMEOUT
    assert (ending.frames[-1].line, ending.frames[-1].code) == (3, "while steps < 10:")
    assert ending.frames[-1].function == "compute_grid"
    assert "It was stopped in the loop that begins on line 3." in ending.message
    assert "assigns" not in ending.message


def test_a_loop_whose_condition_never_changes_is_told(hand_in: Hand) -> None:
    body = "    step, steps, seen = 0, 3, []\n    while step < steps:\n        for n in [1]:\n            seen += [n]\n"
    ending = ending_of_call(hand_in(HEAD + body, HURRIED))

    assert ending.status is Status.TIMEOUT
    assert "No line of that loop assigns step or steps, so `step < steps` always gives the same." in ending.message
    assert ending.frames[-1].code == "while step < steps:"


def test_breakpoint_says_where_it_works(hand_in: Hand) -> None:
    ending = ending_of_call(hand_in(f"{HEAD}    breakpoint()\n    return x\n"))

    assert ending.status is Status.RAISED
    assert "`grade repl`, where `breakpoint()` works" in ending.advice


def test_code_that_keeps_its_place_to_itself_is_stopped_all_the_same(hand_in: Hand) -> None:
    text = "import signal\nsignal.signal(signal.SIGUSR1, signal.SIG_IGN)\nwhile True:\n    print('x')\n"
    ending = ending_of(hand_in(text, HURRIED))

    assert ending.status is Status.TIMEOUT
    assert ending.frames == ()


def test_torch_compile_returns_the_function_as_it_is(hand_in: Hand) -> None:
    text = "import torch\n@torch.compile\n" + RIGHT
    text += "@torch.compile(fullgraph=True)\ndef run_descent(x, y, w_start, b_start, lr, steps):\n    pass\n"
    text += "net = torch.nn.Linear(1, 1)\nassert torch.compile(net) is net\nnet.compile()\nnet(torch.zeros(1))\n"
    text += "import sys\nassert 'torch._inductor.compile_fx' not in sys.modules\n"
    student = hand_in(text)

    assert isinstance(call(student), torch.Tensor)


# ---- What Python cannot read -----------------------------------------------------------------------------------------


def test_pythons_own_words_and_its_mark_stay(hand_in: Hand) -> None:
    ending = ending_of(hand_in("x = 1\nif True:\n    y = (1 2)\n"))

    where = f"Python {PYTHON} cannot read {FILE} (line 3, column 10)"
    assert ending.message == f"{where}: SyntaxError: invalid syntax. Perhaps you forgot a comma?"
    (frame,) = ending.frames
    assert (frame.line, frame.code) == (3, "y = (1 2)")
    assert frame.code[frame.column - 1 :][: frame.width] == "1 2"


def test_a_return_at_the_left_margin_is_told_where_it_belongs(hand_in: Hand) -> None:
    ending = ending_of(hand_in("x = 1\nreturn x\n"))

    assert "'return' outside function" in ending.message
    assert "indent it" in ending.advice
    assert ending.frames[0].code == "return x"


def test_zero_bytes_are_told(hand_in: Hand) -> None:
    assert "null bytes" in ending_of(hand_in(b"x = 1\ny = \x00\n")).advice


def test_what_a_notebook_left_is_no_error(hand_in: Hand) -> None:
    text = f"!pip install torch\n%matplotlib inline\nget_ipython().system('ls')\n{RIGHT}"

    assert standing(hand_in(text)) is None


# ---- What is not there -----------------------------------------------------------------------------------------------

IMPORTS = {
    "another exercise": ("from exercises.m1_2_linear_regression import mse_gradients", "graded alone"),
    "a solution": ("import solutions.m1_2_linear_regression", "graded alone"),
    "its name alone": ("from m1_2_linear_regression import mse_gradients", "graded alone"),
    "relative": ("from .m1_2_linear_regression import mse_gradients", "graded alone"),
    "relative, all": ("from . import m1_2_linear_regression", "graded alone"),
    "Colab": ("from google.colab import drive", "google.colab exists in Colab only"),
    # IPython may be installed here.
    "a notebook": ("raise ModuleNotFoundError(\"No module named 'IPython'\")", "IPython exists in notebooks only"),
    "what is not installed": ("import tensorflow.keras", "tensorflow is not installed where this is graded"),
    "what is newer": ("from itertools import batched_anew", f"Python {PYTHON} grades here, and its itertools has no"),
    "what is newer, as an attribute": ("import math\nmath.sumproduct([1])", "its math has no sumproduct"),
    "the notebook itself": ("get_ipython().config", "get_ipython exists in notebooks only"),
}


@pytest.mark.parametrize(("text", "words"), IMPORTS.values(), ids=IMPORTS)
def test_an_import_that_fails_is_explained(text: str, words: str, hand_in: Hand) -> None:
    ending = ending_of(hand_in(f"{text}\n{RIGHT}"))

    assert ending.status is Status.RAISED
    assert words in ending.advice
    assert ending.frames[-1].code == text.splitlines()[-1]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("w_values = 1\nprint(w_value)\n", "w_values"),
        ("import torch\ntorch.zeors(2)\n", "zeros"),
        ("def f(weights):\n    return weigths\nf(1)\n", "weights"),
        ("pritn(1)\n", "print"),
    ],
)
def test_a_name_that_is_misspelt_is_suggested(text: str, name: str, hand_in: Hand) -> None:
    assert ending_of(hand_in(text)).advice == f"Did you mean {name}?"


def test_a_name_that_is_like_no_other_gets_no_suggestion(hand_in: Hand) -> None:
    assert ending_of(hand_in("print(qqq)\n")).advice == ""


def test_a_name_that_lies_about_itself_breaks_for_its_student_only(hand_in: Hand) -> None:
    text = "class A:\n    def __dir__(self):\n        raise SystemExit\nA().b\n"
    assert ending_of(hand_in(text)).status is Status.RAISED


# ---- Where an exercise stands ----------------------------------------------------------------------------------------


def indented(text: str) -> str:
    return textwrap.indent(text, "    ")


STANDS = {
    "in a class": (f"class Grid:\n{indented(RIGHT)}", "inside the class Grid (line 2)"),
    "in a function": (f"def main():\n{indented(RIGHT)}", "inside the function main (line 2)"),
    "under main": (f'if __name__ == "__main__":\n{indented(RIGHT)}', "(line 2), which the grader does not run"),
    "under a condition": (f"if False:\n{indented(RIGHT)}", "under `if` (line 2)"),
    "stub and main": (
        f'{STUB}if __name__ == "__main__":\n{indented(RIGHT)}',
        "(line 4), which the grader does not run",
    ),
    "stub below": (RIGHT + STUB, "your code begins on line 1, and the stub follows on line 3"),
    "renamed": (RIGHT.replace("compute_grid", "compute_grids"), "a function compute_grids on line 1. Rename it"),
    "other letters": (RIGHT.replace("compute", "c\u043empute"), "CYRILLIC SMALL LETTER O (U+043E)"),
    "a comment": ("".join(f"# {row}\n" for row in RIGHT.splitlines()), "is commented out (line 1)"),
    "deleted": ("x = 1\n", "has no function compute_grid. Restore its definition"),
    "a number": ("compute_grid = 1\n", "is not a function: a value of type int"),
    "other parameters": ("def compute_grid(x):\n    return x\n", "takes (x), expected (x, y, w_values, b_values)"),
}


@pytest.mark.parametrize(("text", "words"), STANDS.values(), ids=STANDS)
def test_an_exercise_that_cannot_be_called_is_told_where_it_stands(text: str, words: str, hand_in: Hand) -> None:
    ending = ending_of(hand_in(text))

    assert ending.status is Status.INVALID
    assert words in ending.message
    assert FILE in ending.message


@pytest.mark.parametrize(
    "text",
    [
        STUB,
        f"class Grid:\n    def compute_grid(self):\n        return 1\n{STUB}",
        f"import functools\n@functools.cache\n{STUB}",
        f"{STUB}{STUB}",
    ],
)
def test_a_stub_is_to_do(text: str, hand_in: Hand) -> None:
    assert ending_of(hand_in(text)).status is Status.TODO


@pytest.mark.parametrize(
    "text",
    [
        STUB + RIGHT,
        f"if True:\n{indented(RIGHT)}",
        f"{STUB}compute_grid = lambda x, y, w, b: ((y - w[:, None, None] * x - b[:, None]) ** 2).mean(-1)\n",
        f"{RIGHT.replace('compute_grid', 'grid')}{STUB}compute_grid = grid\n",
        f"import functools\n{RIGHT}\ncompute_grid = functools.partial(compute_grid)\n",
        f"class Grid:\n    @staticmethod\n{indented(RIGHT)}\ncompute_grid = Grid.compute_grid\n",
    ],
)
def test_what_has_the_name_in_the_end_counts(text: str, hand_in: Hand) -> None:
    student = hand_in(text)

    assert standing(student) is None
    assert isinstance(call(student), torch.Tensor)


def test_another_exercise_is_not_taken_for_a_renamed_one(hand_in: Hand) -> None:
    """Names of one lesson may be alike."""
    ending = ending_of(hand_in(RIGHT), "fixed_bias_slice")

    assert "has no function fixed_bias_slice. Restore" in ending.message


def test_who_has_defined_it_twice_is_told_which_one_counts(hand_in: Hand) -> None:
    student = hand_in(RIGHT + RIGHT)
    exercise = student.lesson.exercise("compute_grid")

    assert standing(student) is None
    assert student.note(exercise) == f"{FILE} defines compute_grid on line 1 and again on line 3. The last one counts."
    assert hand_in(STUB + RIGHT).note(exercise) == ""
    assert hand_in("x = (").note(exercise) == ""


LEFT = 'raise NotImplementedError("TODO: compute_grid")'


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (f"    grid = x\n    {LEFT}\n    return grid\n", 3),
        (f"    {LEFT}\n    return x\n", 2),
        (f"    if x.sum() < 0:\n        return x\n    else:\n        {LEFT}\n", 5),
    ],
)
def test_code_that_runs_into_what_the_stub_left_is_not_to_do(body: str, line: int, hand_in: Hand) -> None:
    ending = ending_of_call(hand_in(HEAD + body))

    assert ending.status is Status.RAISED
    assert f"Your code runs into line {line}, where the stub raised" in ending.advice
    assert lines(ending) == [line]


def test_what_the_stub_left_below_a_return_is_never_reached(hand_in: Hand) -> None:
    assert isinstance(call(hand_in(RIGHT + f"    {LEFT}\n")), torch.Tensor)


@pytest.mark.parametrize(
    "helper",
    [
        'def helper():\n    """Help."""\n    raise NotImplementedError("TODO: helper")\n',
        "def helper():\n    raise NotImplementedError\n",
        "class A:\n    def helper(self):\n        raise NotImplementedError\nhelper = A().helper\n",
    ],
)
def test_a_stub_that_is_called_is_to_do(helper: str, hand_in: Hand) -> None:
    ending = ending_of_call(hand_in(f"{helper}{HEAD}    value = helper()\n    return value\n"))

    assert ending.status is Status.TODO
    assert "helper" in ending.message


# ---- What a call leaves behind ---------------------------------------------------------------------------------------


def conduct(student: Student) -> list[str]:
    """Return what is said of the conduct of compute_grid."""
    call(student)
    return list(student.conduct["compute_grid"])


def test_a_setting_at_the_top_of_the_file_is_not_the_functions(hand_in: Hand) -> None:
    top = "import torch\ntorch.manual_seed(7)\ntorch.set_default_dtype(torch.float64)\n"

    (said,) = conduct(hand_in(top + RIGHT))
    assert said == (
        "Line 3 of your file changes torch's default dtype for the whole program when the file is loaded. Delete that,"
        " and pass `dtype=` where you make a tensor."
    )


def test_a_setting_by_a_function_that_runs_at_the_top_is_the_files(hand_in: Hand) -> None:
    text = f"import torch\ndef prepare():\n    torch.set_num_threads(3)\nprepare()\n{RIGHT}"

    (said,) = conduct(hand_in(text))
    assert said == (
        "Your file changes torch's number of threads for the whole program when the file is loaded. Delete that."
    )


def test_a_setting_of_the_function_stays_the_functions(hand_in: Hand) -> None:
    text = "import torch\ntorch.set_num_threads(2)\n" + RIGHT.replace(
        "    return", "    torch.set_default_dtype(torch.float64)\n    return"
    )

    said = conduct(hand_in(text))

    assert said[0].startswith("Your function changes torch's default dtype")
    assert said[1].startswith("Line 2 of your file changes torch's number of threads")


DOES = {
    "requires_grad": ("x.requires_grad_()", "Your function set requires_grad on its argument `x`"),
    "a new shape": ("y.unsqueeze_(0)", "changed the shape of its argument `y` from (2,) to (1, 2)"),
    "a new dtype": ("w_values.data = w_values.double()", "changed the dtype of its argument `w_values` from"),
    "restored by adding": (
        "x += 0.1; x -= 0.1; x[1] += 1e-7",
        "did not restore it to the last digit: it is off by up to",
    ),
    "other values": ("b_values.zero_()", "changed its argument `b_values` in place"),
    "not a number": ("b_values.fill_(float('nan'))", "changed its argument `b_values` in place"),
    "another kind of thing": ("x.set_(torch.zeros(300_000))", "changed the shape of its argument `x`|in place"),
}


@pytest.mark.parametrize(("statement", "words"), DOES.values(), ids=DOES)
def test_it_is_told_how_an_argument_has_changed(statement: str, words: str, hand_in: Hand) -> None:
    text = f"import torch\n{HEAD}    grid = ((y - w_values[:, None, None] * x - b_values[:, None]) ** 2).mean(-1)\n"
    (said,) = conduct(hand_in(f"{text}    {statement}\n    return grid\n"))

    assert any(each in said for each in words.split("|"))


def test_the_python_that_grades_is_this_one() -> None:
    assert f"{sys.version_info[0]}.{sys.version_info[1]}" == PYTHON


def test_a_cyrillic_letter_in_a_quiz_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The two letters look alike on the screen, so the sentence alone would read as if it contradicted itself."""
    letters = ["b", "\u0430", *"bcdabcd"]
    answers = ", ".join(f'"q{number}": "{letter}"' for number, letter in enumerate(letters, start=1))
    (tmp_path / "m1_6_recap.py").write_text(f"def quiz():\n    return {{{answers}}}\n", encoding="utf-8")
    monkeypatch.chdir(ROOT)

    assert cli.run(["1.6", "quiz", "--submission", str(tmp_path)]) == 1
    shown = " ".join(capsys.readouterr().out.split())
    assert "The letter \u0430 is CYRILLIC SMALL LETTER A (U+0430): type the Latin letter a." in shown
