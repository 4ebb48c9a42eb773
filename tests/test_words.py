"""No phrase that comes from translation occurs in what people read: messages, docstrings, comments and documents."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

BANNED = (
    r"(is|are|was|were) asked(?= for\b| here\b|[.,;:)]|\Z)",
    r"(is|are|was|were) wanted\b",
    r"the wanted\b",
    # "There is no", "is no longer", "is no steeper" and "is no guarantee" are English; "is no number" is not.
    (
        r"(?<!there\s)(is|are|was|were) no "
        r"(?!(longer|more|less|better|worse|larger|smaller|higher|lower|faster|slower|steeper|guarantee|news|use)\b)\w+"
    ),
    r"(?<!there\s)(is|are|was|were) (?-i:none)\b",
    r"(nobody|somebody|anybody|whoever)\b",
    r"(?<![^.]\s)(?<!\S)(?-i:Who) [^.?]*\.",
    r"hand(s|ed|ing)? back\b",
    r"belongs? into\b",
    r"can be had\b",
    r"shall\b",
    r"makes no sense: name\b",
    r"of (its|their) own accord\b",
    r"that there (is|are)(?=[.,;:)]|\Z)",
    r"(at most|at least|up to|return) so many\b",
    r"(check|exercise|function|option|argument|mistake|lesson|file)s? wants?\b",
    r"stands? (here|there|under|below|above)\b",
    r"(something|anything) else than\b",
    r"another (\w+ )?than\b",
    r"lies at\b",
)
"""Regular expressions of phrases that are always wrong; a space stands for any white space."""
PHRASE = re.compile(rf"\b({'|'.join(BANNED)})".replace(" ", r"\s+"), re.IGNORECASE)
CODE = re.compile(r"^( *)```.*?^\1```|`[^`\n]*`|\]\([^)]*\)", re.MULTILINE | re.DOTALL)

SOURCES = [*(ROOT / "grader").rglob("*.py"), *ROOT.glob("lessons/*/*.py")]
DOCUMENTS = [*(path for path in ROOT.glob("lessons/*/*.md") if path.name != "README.md"), *ROOT.glob("*.md")]


def passages(path: Path) -> Iterator[tuple[int, str]]:
    """Yield what people read in a file, each with its first line."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        yield 1, CODE.sub(lambda code: re.sub(r"[^\n]+", "`", code[0]), text)
        return
    tree = ast.parse(text)
    inner = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = (part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
            yield node.lineno, "".join(map(str, parts))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inner:
            yield node.lineno, node.value
    yield 1, comments(text)


def comments(text: str) -> str:
    """Return the comments of a program, on their lines; a phrase may continue on the next line."""
    lines = [""] * (text.count("\n") + 2)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            lines[token.start[0] - 1] = token.string.lstrip("# ")
    return "\n".join(lines)


def found(path: Path) -> list[str]:
    """Return each banned phrase of a file, with its line."""
    return [
        f"{path.relative_to(ROOT)}:{line + text.count(chr(10), 0, match.start())}: {' '.join(match[0].split())}"
        for line, text in ((line, re.sub(r"\n[ \t]+", "\n", text)) for line, text in passages(path))
        for match in PHRASE.finditer(text)
    ]


@pytest.mark.parametrize("path", SOURCES + DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_banned_phrase_occurs(path: Path) -> None:
    assert not found(path), "\n".join(found(path))
