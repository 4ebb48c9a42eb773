"""Imports go one way, and the worker's side of the boundary imports nothing of the judge's."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

GRADER = Path(__file__).parent.parent / "grader"

LAYERS = tuple(
    set(layer.split())
    for layer in (
        "characters clock errors meter pages reading recognise scratch seeds tolerance tree verdict watchdog",
        "audience confine course figure outline stub submission",
        "control failure place shipped wire",
        "show worker",
        "authoring ending explain footprint zygote",
        "channel kind reference",
        "conduct runner",
        "mistaken",
        "student",
        "behaviour diagnosis",
        "blame",
        "examples",
        "plugin",
        "grading",
        "reports reports.as_json reports.page reports.sheet reports.text",
        "reports.as_csv reports.as_html reports.as_markdown reports.canvas reports.junit",
        "reports.gradescope reports.moodle",
        "reports.github",
        "reports.classroom",
        "files store terminal",
        "commands hints memory picture",
        "commands.doctor commands.hint commands.list commands.repl commands.reset commands.solution commands.why",
        "commands.ci commands.show commands.undo",
        "commands.predict",
        "definition",
        "warm",
        "host",
        "pool",
        "abreast",
        "cohort cohort.archive",
        "cohort.intake",
        "cohort.keys cohort.ledger",
        "cohort.summary",
        "cohort.tell",
        "cohort.fill",
        "cohort.run",
        "cohort.cluster",
        "commands.cohort commands.mistakes commands.redteam",
        "watch",
        "audit audit.markdown audit.operators",
        "audit.finding",
        "audit.predictions audit.proving audit.text",
        "audit.candidates audit.mutants audit.programs",
        "audit.judging",
        "audit.reading audit.right",
        "audit.wrong",
        "audit.course",
        "commands.audit",
        "sync",
        "commands.sync",
        "commands.new",
        "cli",
    )
)
"""Every module, lowest first: a module imports from lower layers only."""
WORKER_SIDE = {"errors", "figure", "confine", "outline", "wire"}


def module_name(path: Path) -> str:
    """Return ``reports.text`` for grader/reports/text.py."""
    parts = path.relative_to(GRADER).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def imported(path: Path) -> set[str]:
    """Return the modules of grader that a file imports, anywhere in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.ImportFrom) and node.module == "grader":
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module in (
            "grader.reports",
            "grader.commands",
            "grader.classes",
        ):
            package = node.module.removeprefix("grader.")
            modules = {f"{package}.{alias.name}" for alias in node.names}
            # From a package come its modules, or what it defines itself.
            names |= {name for name in modules if name in MODULES} or {package}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("grader."):
            names.add(str(node.module).removeprefix("grader."))
        elif isinstance(node, ast.Import):
            names |= {alias.name.removeprefix("grader.") for alias in node.names if alias.name.startswith("grader.")}
    return names


MODULES = {module_name(path): path for path in GRADER.rglob("*.py") if module_name(path)}


def test_every_module_has_a_layer() -> None:
    assert set(MODULES) == set().union(*LAYERS)


@pytest.mark.parametrize("name", sorted(MODULES))
def test_a_module_imports_from_lower_layers_only(name: str) -> None:
    level = next(i for i, layer in enumerate(LAYERS) if name in layer)

    assert imported(MODULES[name]) <= set().union(*LAYERS[:level])


def test_the_worker_imports_its_side_of_the_boundary_only() -> None:
    assert imported(MODULES["worker"]) <= WORKER_SIDE
    assert imported(MODULES["wire"]) <= WORKER_SIDE


def test_the_engine_knows_no_lesson() -> None:
    lessons = [path.name for path in (GRADER.parent / "lessons").iterdir() if path.is_dir()]
    names = [function for path in (GRADER.parent / "solutions").glob("*.py") for function in functions_of(path)]
    for path in MODULES.values():
        for word in lessons + names:
            assert f'"{word}' not in path.read_text(), f"{path} knows {word}"


def functions_of(path: Path) -> list[str]:
    """Return the names of the functions of a file."""
    return [node.name for node in ast.parse(path.read_bytes()).body if isinstance(node, ast.FunctionDef)]


@pytest.mark.parametrize(
    "module", ["grader", "grader.cli", "grader.sandbox.zygote", "grader.engine.pytest_plugin", "grader.course.model"]
)
def test_what_answers_at_once_imports_no_torch(module: str) -> None:
    program = f"import sys, {module}; sys.exit('torch' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
