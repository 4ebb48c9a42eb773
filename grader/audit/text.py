"""Rules for the texts of a lesson: its README, hints and docstrings, read without running anything.

Every rule is a function from a lesson to its violations. `grade audit` and the tests of the course share them.
"""

import ast
import doctest
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from grader.audit import markdown
from grader.audit.finding import Finding, finding
from grader.course.model import Lesson
from grader.errors import CourseError, GraderError
from grader.feedback.style import STYLE

SECTIONS = (
    "Introduction",
    "ELI5",
    "Mathematical foundations",
    "In-depth explanation",
    "Demonstration",
    "Exercises",
    "Questions readers ask",
    "Summary",
    "Key takeaways",
    "Solutions",
)
OPTIONAL = {"Questions readers ask"}
MAX_EXERCISES = 4
MIN_CHECKS = 3
MIN_MISTAKES = 3
MIN_ALTERNATIVE = 40
"""Characters in the alternative text of a picture: fewer cannot describe it."""
LANGUAGES = {"python", "pycon", "text", "bash", "sh", "toml", "json", "yaml", "markdown", "diff", "console"}
_GREEK = (
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi varpi rho sigma"
    " tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega nabla ell"
)
SYMBOLS = {f"\\{name}" for name in _GREEK.split()}
"""The commands for symbols of quantities; other commands are operators, layout and spaces."""

MAX_FIGURE = {".svg": 300_000, ".gif": 300_000, ".png": 700_000}
"""Bytes of a figure: a page with ten of them must load at once."""

Rule = Callable[[Lesson], Iterator[Finding]]


def examine(lesson: Lesson) -> list[Finding]:
    """Return the violations, in the order of the rules."""
    found: list[Finding] = []
    if not readme_file(lesson).is_file():
        return [finding(lesson, readme_file(lesson), 1, "this file is missing. Write the lesson there.")]
    for rule in RULES:
        try:
            found += rule(lesson)
        except CourseError as error:
            found.append(Finding(error.file, error.line, error.problem))
        except GraderError as error:
            found.append(finding(lesson, lesson.solution, 1, str(error)))
    return list(dict.fromkeys(found))


def readme_file(lesson: Lesson) -> Path:
    """Return the path of the lesson's README."""
    return lesson.folder / "README.md"


def readme(lesson: Lesson) -> str:
    """Return the text of the lesson's README."""
    return readme_file(lesson).read_text(encoding="utf-8")


def sections_in_order(lesson: Lesson) -> Iterator[Finding]:
    """Expect the number in the title, and the sections in their order."""
    text = readme(lesson)
    headings = markdown.headings(text)
    if lesson.module is not None and not text.startswith(f"# {lesson.id} "):
        yield _at(lesson, 1, f"the title is not {f'# {lesson.id} ...'!r}. Begin it with the number of the lesson.")
    found = [heading for heading in headings if heading.kind == "##"]
    names = [heading.text for heading in found]
    for heading in found:
        if heading.text not in SECTIONS:
            yield _at(lesson, heading.line, f"{heading.text!r} is not a section. Sections: {', '.join(SECTIONS)}.")
        elif names.count(heading.text) > 1:
            yield _at(lesson, heading.line, f"the section {heading.text!r} occurs twice. Keep one.")
    last = len(text.splitlines())
    for name in SECTIONS:
        if name not in names and name not in OPTIONAL:
            yield _at(lesson, last, f"the section {name!r} is missing. Write it, as {f'## {name}'!r}.")
    known = [name for name in names if name in SECTIONS]
    wanted = [name for name in SECTIONS if name in known]
    if known != wanted and len(set(known)) == len(known):
        line = next(heading.line for heading, name in zip(found, wanted, strict=False) if heading.text != name)
        yield _at(lesson, line, f"the sections are out of order, expected: {', '.join(wanted)}.")


def no_html(lesson: Lesson) -> Iterator[Finding]:
    """Expect no HTML."""
    text = markdown.prose(readme(lesson))
    for match in re.finditer(r"</?[a-zA-Z][^>\n]*>|<!--", text):
        yield _at(
            lesson, markdown.line_of(text, match.start()), f"{match[0]!r} is HTML. Write it in Markdown or in words."
        )


def formulas_are_balanced(lesson: Lesson) -> Iterator[Finding]:
    """Expect every formula and every brace to be closed."""
    text = readme(lesson)
    outside = markdown.without_formulas(text)
    for number, line in enumerate(outside.splitlines(), start=1):
        if "$$" in line:
            yield _at(lesson, number, "this $$ has no partner: a displayed formula has $$ on a line before and after.")
        elif line.count("$") % 2:
            yield _at(lesson, number, "a formula begins here with $ but does not end on this line.")
    for formula in [*markdown.formulas(text), *markdown.inline_formulas(text)]:
        if (problem := _unbalanced(formula.text)) is not None:
            yield _at(lesson, formula.line, f"in the formula {_short(formula.text)!r}, {problem}.")


def _unbalanced(formula: str) -> str | None:
    plain = re.sub(r"\\\\|\\[{}]", "", formula)
    depth = 0
    for letter in plain:
        depth += (letter == "{") - (letter == "}")
        if depth < 0:
            return "a } has no {"
    if depth:
        return "a { has no }"
    if plain.count("\\left") - plain.count("\\leftarrow") != plain.count("\\right") - plain.count("\\rightarrow"):
        return "\\left and \\right are not pairs"
    if re.findall(r"\\begin\{(\w+\*?)\}", plain) != re.findall(r"\\end\{(\w+\*?)\}", plain):
        return "\\begin and \\end are not pairs"
    return None


def symbols_are_explained(lesson: Lesson) -> Iterator[Finding]:
    """Expect every symbol of a displayed formula in a sentence before it, or after it up to the next heading."""
    text = readme(lesson)
    marks = markdown.headings(text)
    told = [(formula.line, symbols(formula.text)) for formula in markdown.inline_formulas(text)]
    told += [(span.line, {span.text}) for span in markdown.code_spans(text) if re.fullmatch(r"[A-Za-z]", span.text)]
    found: set[str] = set()
    for formula in markdown.formulas(text):
        end = min((mark.line for mark in marks if mark.line > formula.line), default=len(text))
        known = found.union(*(explained for line, explained in told if line < end))
        for symbol in sorted(symbols(formula.text) - known):
            found.add(symbol)  # report it once
            yield _at(
                lesson,
                formula.line,
                f"${symbol}$ in the formula {_short(formula.text)!r} is not explained before the next heading."
                f" Say what it is: Here ${symbol}$ is ...",
            )


def symbols(formula: str) -> set[str]:
    """Return the Latin and Greek letters that denote a quantity in a formula."""
    plain = re.sub(r"\\(?:text|textbf|textit|mathrm|operatorname|mbox)\*?\{[^{}]*\}", " ", formula)
    plain = re.sub(r"\\(?:begin|end)\{[^{}]*\}(?:\{[^{}]*\})?", " ", plain)
    # The d of a derivative belongs to its sign: d/dt, and dx at the end of an integral.
    plain = re.sub(r"\\frac\{d(?P<of>[^{}]*)\}\{d\s*", r"\\frac{\g<of>}{", plain)
    words = re.findall(r"\\[A-Za-z]+|[A-Za-z]", plain)
    return {word for word in words if len(word) == 1 or word in SYMBOLS}


def links_lead_somewhere(lesson: Lesson) -> Iterator[Finding]:
    """Expect every link to a file or a heading to find it; pages of the web are not visited."""
    for path in (readme_file(lesson), *(lesson.text(each.name) for each in lesson.exercises)):
        if not path.is_file():
            continue
        for link in markdown.links(path.read_text(encoding="utf-8")):
            if re.match(r"https?://\w|mailto:", link.text):
                continue
            name, _, anchor = link.text.partition("#")
            target = path.parent / name if name else path
            if "://" in name or not target.exists():
                yield finding(lesson, path, link.line, f"the link {link.text!r} is broken. Correct it.")
            elif anchor and target.suffix == ".md":
                known = markdown.anchors(target.read_text(encoding="utf-8"))
                if anchor not in known:
                    yield finding(
                        lesson, path, link.line, f"{name or 'this file'} has no heading for the link {link.text!r}."
                    )


def pictures_have_texts(lesson: Lesson) -> Iterator[Finding]:
    """Expect every picture to have a description, and every file in figures/ to be shown."""
    text = markdown.without_code(readme(lesson))
    shown: set[str] = set()
    for match in re.finditer(r"!\[([^\]]*)\]\(([^)]+)\)", text):
        line = markdown.line_of(text, match.start())
        shown.add(match[2])
        if len(match[1]) < MIN_ALTERNATIVE:
            yield _at(lesson, line, f"the alternative text of {match[2]} is too short. Describe the picture.")
    folder = lesson.folder / "figures"
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if f"figures/{path.name}" not in shown:
            yield finding(lesson, path, 1, "the README does not show this file. Embed it, or remove it.")


def figures_share_the_style(lesson: Lesson) -> Iterator[Finding]:
    """Expect the course's style sheet before every figure and no other settings, letters as shapes, and small files."""
    is_styled = False
    for block in markdown.blocks(readme(lesson)):
        if block.kind != "python":
            continue
        is_styled = is_styled or f'style.use("{STYLE}")' in block.text
        if "figures/" in block.text and not is_styled:
            yield _at(lesson, block.line, f'this figure has a look of its own. Write plt.style.use("{STYLE}") before.')
        if "rcParams" in block.text:
            yield _at(lesson, block.line, f"rcParams changes the look of this page alone. Change {STYLE}.mplstyle.")
    folder = lesson.folder / "figures"
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        content = path.read_bytes()
        most = MAX_FIGURE.get(path.suffix)
        if most is None:
            yield finding(lesson, path, 1, f"a figure is one of {', '.join(MAX_FIGURE)}.")
        elif len(content) > most:
            yield finding(lesson, path, 1, f"this file has {len(content)} bytes. Draw it with at most {most}.")
        if path.suffix == ".svg" and (b"<text" in content or b"<dc:date>" in content):
            text = f"this drawing needs a font or tells its date. Draw it again: grade sync {lesson.id}"
            yield finding(lesson, path, 1, text)


def blocks_have_languages(lesson: Lesson) -> Iterator[Finding]:
    """Expect every block to name its language, so that it is highlighted and, if it is Python, run."""
    for block in markdown.blocks(readme(lesson)):
        if block.kind not in LANGUAGES:
            said = f"{block.kind!r} is not a known language" if block.kind else "this block names no language"
            yield _at(lesson, block.line - 1, f"{said}. Languages: {', '.join(sorted(LANGUAGES))}.")


def blocks_have_types(lesson: Lesson) -> Iterator[Finding]:
    """Expect the types of arguments and result of every function in a Python block."""
    for block in markdown.blocks(readme(lesson)):
        if block.kind != "python":
            continue
        try:
            tree = ast.parse(block.text)
        except SyntaxError as error:
            yield _at(lesson, block.line + (error.lineno or 1) - 1, f"this block is not valid Python: {error.msg}.")
            continue
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield from (
                    _at(lesson, block.line + node.lineno - 1, f"{node.name}: {problem}") for problem in _untyped(node)
                )


def _untyped(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    if node.returns is None:
        yield "the result has no type. Write `-> ...`."
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg]
    for argument in arguments:
        if argument is not None and argument.annotation is None and argument.arg not in ("self", "cls"):
            yield f"the argument {argument.arg} has no type."


def solutions_are_shown(lesson: Lesson) -> Iterator[Finding]:
    """Expect the source of each exercise in the section Solutions, as it is in solutions/."""
    source = lesson.solution.read_text(encoding="utf-8")
    wanted = {name: ast.get_source_segment(source, node) for name, node in definitions(lesson).items()}
    part = markdown.section(readme(lesson), "Solutions")
    shown = {
        match[1]: (match[2], part.line + part.text.count("\n", 0, match.start()))
        for match in re.finditer(r"^### (\w+)\n\n```python\n(.*?)\n```$", part.text, re.MULTILINE | re.DOTALL)
    }
    for name, (_, line) in shown.items():
        if name not in wanted:
            yield _at(lesson, line, f"{name} is not an exercise of this lesson. Remove it from the section Solutions.")
    for name, text in wanted.items():
        if name not in shown:
            yield _at(lesson, part.line, f"the section Solutions does not show {name}, as {f'### {name}'!r}.")
        elif shown[name][0] != text:
            yield _at(lesson, shown[name][1], f"{name} differs from solutions/{lesson.name}.py. Copy it from there.")
    if [name for name in shown if name in wanted] != [name for name in wanted if name in shown]:
        yield _at(lesson, part.line, f"the solutions are out of order, expected: {', '.join(wanted)}.")


def exercises_are_named(lesson: Lesson) -> Iterator[Finding]:
    """Expect one to four exercises, each with its command and an example call, and only exercises that exist."""
    text = readme(lesson)
    part = markdown.section(text, "Exercises")
    headings = [heading for heading in markdown.headings(part.text) if heading.kind == "###"]
    if not 1 <= len(headings) <= MAX_EXERCISES:
        yield _at(lesson, part.line, f"the section has {len(headings)} exercises, expected 1 to {MAX_EXERCISES}.")
    names = [exercise.name for exercise in lesson.exercises]
    for name in names:
        if f"grade {lesson.id} {name}" not in part.text:
            yield _at(lesson, part.line, f"the command that grades {name} is missing: grade {lesson.id} {name}")
        if f"{name}(" not in part.text:
            yield _at(lesson, part.line, f"an example call of {name} is missing.")
    for path in (readme_file(lesson), *(lesson.text(each.name) for each in lesson.exercises)):
        whole = path.read_text(encoding="utf-8") if path.is_file() else ""
        for match in re.finditer(
            rf"\bgrade(?: hint| why| show| solution| repl| reset)? {re.escape(lesson.id)} (\w+)", whole
        ):
            if match[1] not in names and _is_code(whole, match.start()):
                line = markdown.line_of(whole, match.start())
                yield finding(lesson, path, line, f"{match[1]} is not an exercise. Exercises: {', '.join(names)}.")


def _is_code(text: str, position: int) -> bool:
    return markdown.without_code(text)[position] == " "


def stub_is_derived(lesson: Lesson) -> Iterator[Finding]:
    """Expect the stub that is derived from the solution."""
    path = lesson.root / "exercises" / f"{lesson.name}.py"
    wanted = lesson.stub
    if not path.is_file():
        yield finding(lesson, path, 1, f"the stub is missing. Derive it: grade sync {lesson.id}")
    elif (text := path.read_text(encoding="utf-8")) != wanted:
        pairs = zip(text.splitlines(), wanted.splitlines(), strict=False)
        line = next((i for i, (is_, asked) in enumerate(pairs, start=1) if is_ != asked), len(text.splitlines()))
        yield finding(lesson, path, line, f"the stub does not match the solution: grade sync {lesson.id}")


def docstrings_say_shapes(lesson: Lesson) -> Iterator[Finding]:
    """Expect every docstring to give the shapes of tensors and an example."""
    for name, node in definitions(lesson).items():
        docstring = ast.get_docstring(node) or ""
        if not _has_example(docstring):
            yield finding(lesson, lesson.solution, node.lineno, f"{name} has no example: write one with >>>.")
        signature = ast.unparse(node).partition(":\n")[0] if isinstance(node, ast.ClassDef) else _signature(node)
        if "Tensor" in signature and "shape" not in docstring:
            text = f"{name} takes or returns tensors, but its docstring does not say their shape."
            yield finding(lesson, lesson.solution, node.lineno, text)


def _has_example(docstring: str) -> bool:
    try:
        return bool(doctest.DocTestParser().get_examples(docstring))
    except ValueError:
        return False


def _signature(node: ast.FunctionDef) -> str:
    return f"{ast.unparse(node.args)} -> {ast.unparse(node.returns) if node.returns else ''}"


def hints_are_three(lesson: Lesson) -> Iterator[Finding]:
    """Expect three hints for every exercise: a question that gives no answer away, the idea, and the line."""
    for name, said in lesson.texts.items():
        path, begin = lesson.text(name), said.hints_line
        if not said.hints:
            yield finding(lesson, path, 1, f"this file is missing: it holds the hints and mistakes of {name}.")
            continue
        first, _, last = said.hints
        if not first.endswith("?"):
            yield finding(lesson, path, begin, f"the first hint of {name} is not a question: end it with one.")
        if markdown.blocks(first) or "```" in first:
            yield finding(lesson, path, begin, f"the first hint of {name} shows code. Ask a question there.")
        for given in _given_away(first, definitions(lesson)[name]):
            yield finding(lesson, path, begin, f"the first hint of {name} gives away `{given}`. Ask a question there.")
        if "`" not in last:
            yield finding(lesson, path, begin, f"the last hint of {name} contains no code: show the line to write.")


def _given_away(hint: str, node: ast.FunctionDef | ast.ClassDef) -> Iterator[str]:
    """Yield the pieces of code in a hint that are part of the answer; a name alone does not count."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    answers = {ast.dump(part) for statement in body for part in ast.walk(statement) if isinstance(part, ast.expr)}
    answers |= {ast.dump(part) for statement in body for part in ast.walk(statement) if isinstance(part, ast.stmt)}
    for span in markdown.code_spans(hint):
        try:
            statements = ast.parse(span.text).body
        except SyntaxError:
            continue
        for statement in statements:
            part = statement.value if isinstance(statement, ast.Expr) else statement
            if not isinstance(part, (ast.Name, ast.Constant, ast.Attribute)) and ast.dump(part) in answers:
                yield span.text


def has_checks_and_mistakes(lesson: Lesson) -> Iterator[Finding]:
    """Expect at least three checks and three known mistakes for every exercise."""
    for exercise in lesson.exercises:
        checks = sum(check.exercise == exercise.name for check in lesson.checks)
        mistakes = sum(mistake.exercise == exercise.name for mistake in lesson.mistakes)
        if checks < MIN_CHECKS:
            yield finding(
                lesson,
                lesson.code(exercise.name),
                1,
                f"{exercise.name} has {checks} checks; write at least {MIN_CHECKS}.",
            )
        if mistakes < MIN_MISTAKES:
            text = f"{exercise.name} has {mistakes} known mistakes; write at least {MIN_MISTAKES}."
            yield finding(lesson, lesson.text(exercise.name), 1, text)


RULES: tuple[Rule, ...] = (
    sections_in_order,
    no_html,
    formulas_are_balanced,
    symbols_are_explained,
    links_lead_somewhere,
    pictures_have_texts,
    figures_share_the_style,
    blocks_have_languages,
    blocks_have_types,
    exercises_are_named,
    solutions_are_shown,
    stub_is_derived,
    docstrings_say_shapes,
    hints_are_three,
    has_checks_and_mistakes,
)


def definitions(lesson: Lesson) -> dict[str, ast.FunctionDef | ast.ClassDef]:
    """Return the definitions of the exercises in the solution."""
    names = {exercise.name for exercise in lesson.exercises}
    return {node.name: node for node in lesson.solution_module.definitions() if node.name in names}


def _at(lesson: Lesson, line: int, text: str) -> Finding:
    return finding(lesson, readme_file(lesson), line, text)


def _short(formula: str) -> str:
    text = " ".join(formula.split())
    return text if len(text) <= 50 else f"{text[:47]}..."
