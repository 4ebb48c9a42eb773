"""What a file is that should be Python, and what the line is at which Python stops."""

import ast
import bz2
import gzip
import io
import json
import lzma
import py_compile
import sys
import tarfile
import time
import zipfile
from pathlib import Path

import numpy
import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from matplotlib import pyplot

from grader.course.submission import MAX_BYTES
from grader.course.unreadable import MAX_ROW, Kind, lookalikes, plain, recognise, why_unparsable

CODE = "def scale(x, factor):\n    return x * factor\n"
NOTEBOOK = {
    "cells": [{"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": [CODE]}],
    "metadata": {"kernelspec": {"display_name": "Python 3", "name": "python3"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}


def packed(*names: str) -> bytes:
    """Return a zip with files of these names."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, CODE)
    return stream.getvalue()


def tarred(mode: str) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:  # type: ignore[call-overload]
        member = tarfile.TarInfo("m1_3.py")
        member.size = len(CODE)
        archive.addfile(member, io.BytesIO(CODE.encode()))
    return stream.getvalue()


def saved_by_torch() -> bytes:
    stream = io.BytesIO()
    torch.save({"w": torch.zeros(2)}, stream)  # noqa: TID251  its file is under test, and is not read again
    return stream.getvalue()


def saved_by_numpy() -> bytes:
    stream = io.BytesIO()
    numpy.save(stream, numpy.zeros(2))
    return stream.getvalue()


def image(form: str) -> bytes:
    stream = io.BytesIO()
    figure = pyplot.figure()
    figure.savefig(stream, format=form)
    pyplot.close(figure)
    return stream.getvalue()


def compiled(folder: Path) -> bytes:
    (folder / "m.py").write_text(CODE)
    py_compile.compile(str(folder / "m.py"), cfile=str(folder / "m.pyc"), doraise=True)
    return (folder / "m.pyc").read_bytes()


OTHERS = {
    "a notebook": (json.dumps(NOTEBOOK, indent=1).encode(), Kind.NOTEBOOK, "nbconvert"),
    "a notebook of Colab": (json.dumps(dict(reversed(NOTEBOOK.items()))).encode(), Kind.NOTEBOOK, "Download .py"),
    "an empty notebook": (b'{"cells": []}', Kind.NOTEBOOK, "Executable Script"),
    "half a notebook": (json.dumps(NOTEBOOK, indent=1).encode()[:200], Kind.NOTEBOOK, "nbconvert"),
    "a notebook with a mark": (b"\xef\xbb\xbf\n" + json.dumps(NOTEBOOK).encode(), Kind.NOTEBOOK, "nbconvert"),
    "a zip": (packed("m1_3.py"), Kind.ARCHIVE, "zip archive"),
    "an empty zip": (packed(), Kind.ARCHIVE, "zip archive"),
    "a Word document": (packed("[Content_Types].xml", "_rels/.rels", "word/document.xml"), Kind.DOCUMENT, "Word"),
    "a workbook": (packed("xl/workbook.xml"), Kind.DOCUMENT, "Excel"),
    "slides": (packed("ppt/presentation.xml"), Kind.DOCUMENT, "PowerPoint"),
    "what torch.save writes": (saved_by_torch(), Kind.DATA, "torch.save"),
    "a tar": (tarred("w"), Kind.ARCHIVE, "tar archive"),
    "a tar.gz": (tarred("w:gz"), Kind.ARCHIVE, ".tar.gz"),
    "a tar.xz": (tarred("w:xz"), Kind.ARCHIVE, ".tar.xz"),
    "a gz": (gzip.compress(CODE.encode()), Kind.ARCHIVE, "gzip"),
    "an xz": (lzma.compress(CODE.encode()), Kind.ARCHIVE, "xz"),
    "a bz2": (bz2.compress(CODE.encode()), Kind.ARCHIVE, "bzip2"),
    "a rar": (b"Rar!\x1a\x07\x01\x00\xf3\xe1\x82\xeb", Kind.ARCHIVE, "RAR"),
    "a 7z": (b"7z\xbc\xaf\x27\x1c\x00\x04", Kind.ARCHIVE, "7z"),
    "a PDF": (image("pdf"), Kind.DOCUMENT, "a PDF"),
    "rich text": (rb"{\rtf1\ansi{\fonttbl\f0 Menlo;} def scale(x, factor):\par}", Kind.DOCUMENT, "RTF"),
    "an old Word document": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), Kind.DOCUMENT, ".doc"),
    "a PNG": (image("png"), Kind.IMAGE, "an image"),
    "a JPEG": (image("jpg"), Kind.IMAGE, "an image"),
    "a photo of a telephone": (b"\x00\x00\x00\x24ftypheic\x00\x00\x00\x00", Kind.IMAGE, "an image"),
    "a page of a code host": (b"\n\n\n\n<!DOCTYPE html>\n<html lang=en>", Kind.WEB_PAGE, "Download raw file"),
    "a page without a head": (b"<html><body><pre>def scale(x, factor):</pre>", Kind.WEB_PAGE, "web page"),
    "a page saved as one file": (
        b"From: <Saved by Blink>\r\nSubject: m1_3.py\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n",
        Kind.WEB_PAGE,
        "web page",
    ),
    "pickled data": (b"\x80\x04\x95\x0b\x00\x00\x00", Kind.DATA, "pickled"),
    "an array": (saved_by_numpy(), Kind.DATA, "NumPy"),
    "a program": (b"\x7fELF\x02\x01\x01" + bytes(20), Kind.COMPILED, "program"),
    "a macOS metadata file (._)": (b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X", Kind.DATA, "._"),
    "a shortcut to a page": (b"[InternetShortcut]\r\nURL=https://example.org\r\n", Kind.POINTER, "shortcut"),
    "a Git LFS pointer": (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", Kind.POINTER, "LFS"),
    "a patch": (b"diff --git a/m.py b/m.py\n--- a/m.py\n+++ b/m.py\n", Kind.PATCH, "whole file"),
    "a patch without Git": (b"--- m.py\t2026-01-01\n+++ m.py\t2026-01-02\n", Kind.PATCH, "whole file"),
    "UTF-16 with a mark": (CODE.encode("utf-16"), Kind.ENCODED, "UTF-8"),
    "UTF-16 without one": (CODE.encode("utf-16-le"), Kind.ENCODED, "UTF-8"),
    "UTF-16 the other way round": (CODE.encode("utf-16-be"), Kind.ENCODED, "UTF-8"),
}


@pytest.mark.parametrize(("content", "kind", "word"), OTHERS.values(), ids=OTHERS)
def test_what_is_not_python_is_called_what_it_is(content: bytes, kind: Kind, word: str) -> None:
    found = recognise(content)

    assert found is not None
    assert found.kind is kind
    sentence = found.sentence("exercises/m1_3.py")
    assert sentence.startswith("exercises/m1_3.py is ")
    assert word in sentence


@pytest.mark.parametrize("name", [name for name in OTHERS if not name.startswith("an empty")])
def test_the_beginning_tells_what_it_is(name: str) -> None:
    """Who looks through a class need not read a whole archive."""
    content, kind, _ = OTHERS[name]
    found = recognise(content[:4096])

    assert found is not None
    assert found.kind is kind


def test_a_compiled_file_is_recognised(tmp_path: Path) -> None:
    found = recognise(compiled(tmp_path))

    assert found is not None
    assert found.kind is Kind.COMPILED


@pytest.mark.parametrize(
    "content",
    [
        b"",
        CODE.encode(),
        b"\xef\xbb\xbf" + CODE.encode(),
        b'{"cells": 1, "b": 2}[0] if False else None\nx = 1\n',
        b'"""A page: <!DOCTYPE html>, %PDF-1.4, diff --git"""\n',
        b"# caf\xe9\nx = 1\n",
        b"MZ = 3\n",
        b"PK = 3\n",
        b"From = 1\nSubject: int = 2\n",
        b"x = 1\x00\n",
        b"x\x00",
        b"the ftypheic\n",
        b"-x\n",
    ],
    ids=repr,
)
def test_what_may_be_python_is_left_to_python(content: bytes) -> None:
    assert recognise(content) is None


def test_every_python_file_of_this_machine_may_be_python() -> None:
    files = {Path(getattr(module, "__file__", None) or "") for module in list(sys.modules.values())}
    texts = [path.read_bytes() for path in files if path.suffix == ".py" and path.is_file()]

    assert len(texts) > 100
    assert all(recognise(text) is None for text in texts)


@given(st.binary(max_size=300), st.sampled_from([content[:300] for content, _, _ in OTHERS.values()]), st.binary())
def test_any_bytes_are_looked_at_without_an_error(before: bytes, middle: bytes, after: bytes) -> None:
    for content in (before, middle + after, before + middle + after):
        found = recognise(content)
        assert found is None or found.sentence("f.py").startswith("f.py is ")


STOPS = {
    "a conflict": ("x = 1\n<<<<<<< HEAD\ny = 1\n=======\ny = 2\n>>>>>>> main\n", "Line 2 is a Git conflict marker"),
    "a conflict that is half resolved": ("def f():\n    return 1\n>>>>>>> main\n", "Line 3 is a Git conflict marker"),
    "a conflict at a place where the error is another": (
        "def f():\n<<<<<<< HEAD\n    pass\n",
        "Line 2 is a Git conflict",
    ),
    "a session": (">>> import torch\n>>> x = 1\n", "Line 1 begins with a Python prompt"),
    "a session in a body": ("def f():\n... x = 1\n", "Line 2 begins with a Python prompt"),
    "a cell": ("In [3]: import torch\n", "Line 1 begins with a Python prompt"),
    "a fence": ("x = 1\n```\n", "Line 2 is a Markdown fence"),
    "a command of a shell": ("import torch\n$ pip install torch\n", "Line 2 is a terminal command"),
    "pip": ("pip install torch\n", "Line 1 is a terminal command"),
    "a module of Python": ("python3 -m pip install torch\n", "Line 1 is a terminal command"),
    "git": ("git pull\n", "Line 1 is a terminal command"),
    "a patch without its head": ("x = 1\n+def f():\n+    return 1\n", "Line 2 is part of a patch"),
    "numbered lines": ("1 def f():\n2     return 1\n", "Line 1 begins with its line number"),
    "lines numbered with a bar": ("12 | x = 1\n", "Line 1 begins with its line number"),
    "HTML entities": ("if x &lt; 1:\n    pass\n", "Line 1 contains HTML escapes"),
    "help": ("torch.mean?\n", "Line 1 is a notebook help command"),
    "what a command says": ("files = !ls\n", "Line 1 is a notebook command"),
    "a no-break space": ("def f():\n\u00a0\u00a0return 1\n\u00a0\n", "NO-BREAK SPACE (U+00A0), which looks"),
    "no width": ("x\u200b = 3\n", "an invisible character, ZERO WIDTH SPACE (U+200B)"),
    "a mark in the middle": ("x = 1\n\ufeffy = 2\n", "Line 2 contains an invisible character"),
    "a quote": ("x = \u201ca\u201d\n", 'LEFT DOUBLE QUOTATION MARK (U+201C). Type " instead'),
    "a minus": ("x = 1 \u2212 2\n", "MINUS SIGN (U+2212). Type - instead"),
    "times": ("x = 2 \u00d7 3\n", "Type * instead"),
    "a power": ("x = a\u00b2\n", "Type **2 instead"),
    "wide parentheses": ("print\uff081\uff09\n", "Type ( instead"),
    "less or equal": ("x \u2264 3\n", "Type <= instead"),
    "tabs": ("if x:\n\ty = 1\n        z = 2\n", "four spaces"),
    "two depths": ("def f():\n    x = 1\n  y = 2\n", "four spaces"),
    "a return outside": ("x = 1\nreturn x\n", "outside a function"),
}


@pytest.mark.parametrize(("text", "said"), STOPS.values(), ids=STOPS)
def test_the_line_at_which_python_stops_is_called_what_it_is(text: str, said: str) -> None:
    with pytest.raises(SyntaxError) as raised:
        compile(ast.parse(text), "f.py", "exec")

    assert said in why_unparsable(text, raised.value.lineno or 0, raised.value.msg)


@pytest.mark.parametrize(
    ("row", "message", "version"),
    [
        ('print(f"{info["size"]}")', "f-string: unmatched '['", (3, 12)),
        ('print(f"{", ".join(a)}")', "f-string: expecting '}'", (3, 12)),
        ("type Batch = list[int]", "invalid syntax", (3, 12)),
        ("type Pair[T] = tuple[T, T]", "invalid syntax", (3, 12)),
        ("def first[T](x: list[T]) -> T:", "expected '('", (3, 12)),
        ("class Box[T]:", "invalid syntax", (3, 12)),
        ("    except ValueError, TypeError:", "multiple exception types must be parenthesized", (3, 14)),
        ('x = t"hello {y}"', "invalid syntax", (3, 14)),
        ("x = [*row for row in rows]", "iterable unpacking cannot be used in comprehension", (3, 15)),
        ("lazy import numpy", "invalid syntax", (3, 15)),
    ],
)
def test_the_syntax_of_a_newer_python_is_not_called_wrong(
    row: str, message: str, version: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = ".".join(map(str, version))
    monkeypatch.setattr(sys, "version_info", (version[0], version[1] - 1, 0))
    assert f"may be syntax of Python {numbers} or newer" in why_unparsable(f"x = 1\n{row}\n", 2, message)
    monkeypatch.setattr(sys, "version_info", (*version, 0))
    assert f"Python {numbers} or newer" not in why_unparsable(f"x = 1\n{row}\n", 2, message)


@pytest.mark.parametrize("row", ["x = (1 2)", "def f()", "if x = 3:", "x = f'{}'", "type(x", "print 'a'", "x = 1 +"])
def test_of_an_ordinary_error_python_says_enough(row: str) -> None:
    with pytest.raises(SyntaxError) as raised:
        compile(f"{row}\n", "f.py", "exec")

    assert why_unparsable(f"{row}\n", raised.value.lineno or 0, raised.value.msg) == ""


@given(st.text(max_size=200), st.integers(-1, 20), st.text(max_size=50))
@example("", 0, "110000")
@example("", 0, "10FFFF")
def test_any_text_is_looked_at_without_an_error(text: str, line: int, message: str) -> None:
    why_unparsable(text, line, message)
    why_unparsable(text, line, f"U+{message}")
    lookalikes(text)


@pytest.mark.parametrize("part", ['f"{', "a.", "type ", " ", "?", "x = !", "\n<<<<<<<", '\n"', "pip "])
def test_a_hostile_text_takes_no_longer_than_its_length(part: str) -> None:
    text = part * (MAX_BYTES // len(part))
    started = time.process_time()
    for message in ("unterminated string literal", "f-string: unmatched", "invalid syntax"):
        why_unparsable(text, 1, message)
    recognise(text.encode())
    # A pattern that takes the square of a line takes hours here.
    assert time.process_time() - started < 60
    assert MAX_ROW < MAX_BYTES


def test_a_letter_of_another_alphabet_is_named() -> None:
    assert lookalikes("\u0430") == "The letter \u0430 is CYRILLIC SMALL LETTER A (U+0430): type the Latin letter a."
    assert "and there are others" in lookalikes("sp\u0430\u0441e")
    assert plain("comput\u0435_grid") == "compute_grid"
    for word in ("compute_grid", "\u043c\u0438\u0440", "\u03b1", "\u03bd", ""):
        assert lookalikes(word) == ""
