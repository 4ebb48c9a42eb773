"""Recognising files that should be Python but are not, from their bytes alone, and the step to the right file.

Nothing is unpacked or run: the bytes are untrusted, and every pass over them takes linear time.
"""

import json
import re
import sys
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

HEAD = 4096
"""Leading bytes, enough to recognise most kinds."""


class Kind(StrEnum):
    """Kinds of files that are not Python."""

    NOTEBOOK = "notebook"
    ARCHIVE = "archive"
    DOCUMENT = "document"
    """An office document or a PDF."""
    WEB_PAGE = "web page"
    IMAGE = "image"
    COMPILED = "compiled"
    DATA = "data"
    PATCH = "patch"
    POINTER = "pointer"
    """A reference to a file elsewhere."""
    ENCODED = "encoded"
    """Text in an encoding that Python does not read."""


@dataclass(frozen=True)
class Recognised:
    """A file that is not Python: what it is, and what to do."""

    kind: Kind
    name: str
    """With its article: ``a Jupyter notebook``."""
    step: str
    """The sentence that says how to get a Python file from it."""

    def sentence(self, shown: str) -> str:
        """Return the message about the file of this name."""
        return f"{shown} is {self.name}. {self.step}"


_UNPACK = "Unpack it, and replace it with the .py file inside."
_COPY = "Copy your code into a plain text file (.py), for example with your code editor."
_AS_SOURCE = "Replace it with the .py file that you wrote."
_NOTEBOOK = Recognised(
    Kind.NOTEBOOK,
    "a Jupyter notebook",
    "Export it as Python and replace it with the .py file. In Jupyter: File > Save and Export Notebook As >"
    " Executable Script. In Colab: File > Download > Download .py. In a terminal: jupyter nbconvert --to script"
    " NAME.ipynb",
)
_WEB_PAGE = Recognised(
    Kind.WEB_PAGE,
    "a web page (HTML)",
    'Download the file itself: on GitHub with "Download raw file", elsewhere with a download button instead of'
    " File > Save as.",
)
_UTF_16 = Recognised(Kind.ENCODED, "saved as UTF-16", "Save it again as UTF-8, which Python reads.")

_PACKED: tuple[tuple[bytes, Kind, str, str], ...] = (
    (rb"word/(document\.xml|_rels)", Kind.DOCUMENT, "a Word document", _COPY),
    (rb"xl/(workbook\.xml|_rels)", Kind.DOCUMENT, "an Excel workbook", _COPY),
    (rb"ppt/(presentation\.xml|_rels)", Kind.DOCUMENT, "a PowerPoint presentation", _COPY),
    (rb"mimetypeapplication/vnd\.oasis", Kind.DOCUMENT, "an OpenDocument file", _COPY),
    (rb"Index/Document\.iwa|Index\.zip", Kind.DOCUMENT, "a Pages document", _COPY),
    (rb"/data\.pkl", Kind.DATA, "a file written by torch.save", _AS_SOURCE),
    (rb"", Kind.ARCHIVE, "a zip archive", _UNPACK),
)
"""What a file with a zip signature is, by a file name inside; the first match counts."""
_SIGNATURES: tuple[tuple[bytes, Kind, str, str], ...] = (
    (rb"Rar!\x1a\x07", Kind.ARCHIVE, "a RAR archive", _UNPACK),
    (rb"7z\xbc\xaf\x27\x1c", Kind.ARCHIVE, "a 7z archive", _UNPACK),
    (rb"\x1f\x8b\x08", Kind.ARCHIVE, "a gzip archive (.gz or .tar.gz)", _UNPACK),
    (rb"\xfd7zXZ\x00", Kind.ARCHIVE, "an xz archive (.xz or .tar.xz)", _UNPACK),
    (rb"BZh[1-9]1AY&SY", Kind.ARCHIVE, "a bzip2 archive (.bz2 or .tar.bz2)", _UNPACK),
    (rb"\x28\xb5\x2f\xfd", Kind.ARCHIVE, "a Zstandard archive (.zst)", _UNPACK),
    (rb"(?s:.{257})ustar( ?\x00|  \x00)", Kind.ARCHIVE, "a tar archive", _UNPACK),
    (rb"(\xef\xbb\xbf)?\s*%PDF-\d", Kind.DOCUMENT, "a PDF", _COPY),
    (rb"\{\\rtf\d", Kind.DOCUMENT, "a rich text document (RTF)", _COPY),
    (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind.DOCUMENT, "an old Word document (.doc)", _COPY),
    (
        rb"\x89PNG\r\n|\xff\xd8\xff|GIF8[79]a|RIFF(?s:.{4})WEBP|II\*\x00|MM\x00\*|\x00\x00\x00.ftyp(hei|mif|avi)",
        Kind.IMAGE,
        "an image",
        "Type the code into a text file (.py): an image of code cannot run.",
    ),
    (rb"(?s:..)\r\n[\x00-\x0f]\x00\x00\x00", Kind.COMPILED, "compiled Python code (.pyc)", _AS_SOURCE),
    (rb"\x7fELF|MZ(?=[^\n]{0,60}\x00)|[\xcf\xce]\xfa\xed\xfe", Kind.COMPILED, "a compiled program", _AS_SOURCE),
    (rb"\x80[\x02-\x05]", Kind.DATA, "pickled data", _AS_SOURCE),
    (rb"\x93NUMPY", Kind.DATA, "a saved NumPy array", _AS_SOURCE),
    (
        rb"\x00\x05\x16\x07",
        Kind.DATA,
        "a macOS metadata file (._)",
        "Replace it with the file of the same name without ._ at the start.",
    ),
    (
        rb"L\x00\x00\x00\x01\x14\x02\x00|\[(InternetShortcut|Desktop Entry)\]\s",
        Kind.POINTER,
        "a shortcut to a file",
        "Replace it with the file itself.",
    ),
    (
        rb"version https://git-lfs\.github\.com/spec/",
        Kind.POINTER,
        "a Git LFS pointer",
        "Replace it with the file that it points to: git lfs pull",
    ),
    (
        rb"diff --git |Index: [^\n]+\n=+\n|--- [^\n]+\n\+\+\+ |From [0-9a-f]{40} ",
        Kind.PATCH,
        "a patch, which lists changes to a file",
        "Replace it with the whole file, with these changes applied.",
    ),
)
"""The leading bytes of each kind; no Python file begins with them."""
_SPACE = rb"(?:\xef\xbb\xbf)?\s*"
_NOTEBOOK_HEAD = re.compile(_SPACE + rb'\{\s*"(cells|metadata|nbformat|nbformat_minor|worksheets)"\s*:')
_WEB_PAGE_HEAD = re.compile(_SPACE + rb"<(!DOCTYPE|!--|\?xml|[a-z]+[\s>])", re.IGNORECASE)
_SAVED_PAGE_HEAD = re.compile(rb"(From|MIME-Version|Content-Type|Subject): (?=(?s:.{0,2000})multipart/related)")
_BOMS_OF_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def recognise(content: bytes) -> Recognised | None:
    """Return what kind of non-Python file this is, or None if it may be Python.

    The first `HEAD` bytes suffice for most kinds; some notebooks need the whole file.
    """
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return next(Recognised(kind, name, step) for inside, kind, name, step in _PACKED if re.search(inside, content))
    for signature, kind, name, step in _SIGNATURES:
        if re.match(signature, content):
            return Recognised(kind, name, step)
    if _NOTEBOOK_HEAD.match(content) and (b'"cell_type"' in content or _is_json(content)):
        return _NOTEBOOK
    if _WEB_PAGE_HEAD.match(content) or _SAVED_PAGE_HEAD.match(content):
        return _WEB_PAGE
    return _UTF_16 if _is_utf_16(content) else None


def _is_json(content: bytes) -> bool:
    try:
        json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return False
    return True


def _is_utf_16(content: bytes) -> bool:
    """Whether it has a UTF-16 byte order mark or, without one, almost every second leading byte is 0."""
    if content.startswith(_BOMS_OF_UTF_16):
        return True
    head = content[: HEAD // 2 * 2]
    even, odd = head[::2], head[1::2]
    pairs = len(odd)
    # Each ASCII character has a 0 beside it, before or after depending on the byte order.
    return pairs >= 4 and any(
        zeros.count(0) > 0.9 * pairs and not letters.count(0) for zeros, letters in ((even, odd), (odd, even))
    )


# ---- Text that Python cannot read -----------------------------------------------------------------------------------

MAX_ROW = 500
"""Characters of a line that are matched: some patterns take quadratic time."""
_CONFLICT = re.compile(r"(<{7}|\|{7}|>{7})( .*)?")
_LINES = (
    (
        r"(>>>|\.\.\.)( |$)|(In|Out) ?\[[\d ]*\]:",
        "begins with a Python prompt: it was copied from a session. Delete the prompts and the output.",
    ),
    (r"```|~~~", "is a Markdown fence. Delete it, and all lines outside the fences that are not code."),
    (
        r"\$ |(sudo |python3? -m )?(pip3?|conda|uv|git|cd|ls|apt|apt-get|brew|python3?|jupyter|grade) +[\w./-]",
        "is a terminal command. Run it there, and delete the line.",
    ),
    (
        r"[+-] *(def|class|import|from|return|@)\b",
        "is part of a patch. Delete the leading +, and the lines that begin with -.",
    ),
    (
        r"\d+( *[:.|])? +(def|class|import|from|return|for|if|#|@|\w+ *=)",
        "begins with its line number. Delete the numbers.",
    ),
    (r".*&(gt|lt|amp|quot|nbsp|#\d+);", "contains HTML escapes. Type the characters, such as > for &gt;"),
    (r"\?{1,2}[\w.]+$|[\w.]+\?{1,2}$", "is a notebook help command. Delete the line."),
    (r"[!%]", "is a notebook command. Delete the line, or put # before it."),
    (r"\w+ *= *[!%]\w", "is a notebook command. Delete the line, or put # before it."),
)
"""Lines at which Python stops, by how they begin, and what to say about each."""
_MESSAGES = (
    (r"'(return|yield|await)", "It is outside a function: indent it like the rest of the function."),
    (
        r"inconsistent use of tabs|unindent does not match",
        'Indent with four spaces everywhere; editors have a command for that, such as "Convert Indentation to Spaces".',
    ),
    (r"source code string cannot contain null|null byte", "It contains null bytes. Save it again as plain text."),
)
"""What to add to Python's own message."""
_BEFORE = "Compute the value on its own line, before the f-string."
_NEWER = (
    ((3, 12), r"f-string.*(unmatched|expecting '\}'|backslash|'#')", "", _BEFORE),
    ((3, 12), r"unterminated string literal", r".*\bf[rR]?['\"][^'\"]*\{[^}]*$", _BEFORE),
    ((3, 12), r"", r"type\s+\w+\s*(\[.*\])?\s*=", "Remove the word `type`."),
    ((3, 12), r"", r"(async\s+)?(def|class)\s+\w+\s*\[", "Remove the type parameters in [...]."),
    ((3, 13), r"", r"(async\s+)?(def|class)\s+\w+\s*\[[^]]*=", "Remove the type parameters in [...]."),
    ((3, 14), r"", r".*\b(t|tr|rt)['\"]", "Use an f-string instead of a template string."),
    ((3, 14), r"multiple exception types must be", "", "Put parentheses around the exception types."),
    ((3, 15), r"(iterable|dict) unpacking cannot be used in", "", "Use a loop."),
    ((3, 15), r"", r"lazy\s+(import|from)\s", "Remove the word `lazy`."),
)
"""New syntax: its Python version, the message of older ones, how the line begins, and the step."""
_REPLACED = {
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033", '"'),
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4", "'"),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    **dict.fromkeys("\u00d7\u2217\u22c5\u00b7", "*"),
    **dict.fromkeys("\u00f7\u2215\u2044", "/"),
    **dict.fromkeys("\u00b2", "**2"),
    **dict.fromkeys("\u00b3", "**3"),
    "\u2264": "<=",
    "\u2265": ">=",
    "\u2260": "!=",
    "\u2026": "...",
    "\u2192": "->",
    "\u2190": "=",
}
"""What to type instead of characters that word processors and web pages put into code."""
_CYRILLIC = "\u0430\u0441\u0501\u0435\u04bb\u0456\u0458\u043e\u0440\u0455\u0445\u0443\u051b\u051d\u0433"
_CYRILLIC_CAPITALS = "\u0410\u0412\u0421\u0415\u041d\u0406\u0408\u041a\u041c\u041e\u0420\u0405\u0422\u0425\u0423"
_GREEK = "\u03bf\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7"
_LATIN = {
    **dict(zip(_CYRILLIC, "acdehijopsxyqwr", strict=True)),
    **dict(zip(_CYRILLIC_CAPITALS, "ABCEHIJKMOPSTXY", strict=True)),
    # Of the lowercase Greek letters, only the one that mathematics does not use.
    **dict(zip(_GREEK, "oABEZHIKMNOPTYX", strict=True)),
}
"""Letters of other alphabets that look like Latin ones."""


def why_unparsable(text: str, line: int, message: str) -> str:
    """Return what is wrong with the line at which Python stops, and how to fix it; empty if unknown.

    ``message`` is Python's own, which is shown too.
    """
    rows = re.split(r"\r\n|\r|\n", text)
    for number, row in enumerate(rows, start=1):
        if _CONFLICT.fullmatch(row):
            return (
                f"Line {number} is a Git conflict marker: two versions of the code follow. Keep the lines that you"
                " want, and delete the others and the markers (<<<<<<<, ======= and >>>>>>>)."
            )
    row = rows[line - 1].strip()[:MAX_ROW] if 0 < line <= len(rows) else ""
    for beginning, meaning in _LINES:
        if re.match(beginning, row):
            return f"Line {line} {meaning}"
    if (found := re.search(r"U\+(10[0-9A-F]{4}|[0-9A-F]{4,5})\b", message)) is not None:
        return _of_character(chr(int(found[1], 16)), line, rows)
    for pattern, meaning in _MESSAGES:
        if re.search(pattern, message):
            return meaning
    ours = sys.version_info[:2]
    for version, said, beginning, step in _NEWER:
        if ours < version and re.search(said, message) and re.match(beginning, row):
            newer, grading = (".".join(map(str, each)) for each in (version, ours))
            return f"This may be syntax of Python {newer} or newer; grading uses Python {grading}. {step}"
    return ""


def _of_character(character: str, line: int, rows: list[str]) -> str:
    """Return the message about a character that Python does not accept."""
    others = sum(character in row for row in rows) - 1
    more = f" (also on {others} more line{'s' * (others > 1)})" if others > 0 else ""
    called = named(character)
    if not character.isprintable() and unicodedata.category(character) != "Zs":
        return f"Line {line} contains an invisible character, {called}{more}. Delete it: your editor can show it."
    if character.isspace():
        return f"Line {line} contains {called}, which looks like a space{more}. Replace all of them with spaces."
    typed = _REPLACED.get(character) or unicodedata.normalize("NFKC", character)
    step = f"Type {typed} instead." if typed.isascii() else "Delete it."
    return f"Line {line} contains {character}, {called}{more}. {step}"


def named(character: str) -> str:
    """Return the Unicode name of a character: ``CYRILLIC SMALL LETTER A (U+0430)``."""
    return f"{unicodedata.name(character, 'an unnamed character')} (U+{ord(character):04X})"


def plain(text: str) -> str:
    """Return a text with lookalike letters replaced by the Latin ones."""
    return "".join(_LATIN.get(letter, letter) for letter in unicodedata.normalize("NFKC", text))


def lookalikes(text: str) -> str:
    """Return a message about the letters of a word that only look Latin, or an empty string if there are none.

    A word really written in another alphabet also has letters without a Latin lookalike; it is left alone.
    """
    strange = [letter for letter in text if letter in _LATIN]
    if not strange or not plain(text).isascii():
        return ""
    letter = strange[0]
    more = ", and there are others" if len(set(strange)) > 1 else ""
    inside = f" in {text}" if text != letter else ""
    return f"The letter {letter}{inside} is {named(letter)}{more}: type the Latin letter {_LATIN[letter]}."
