"""What a file is that should be Python, told from its bytes alone, and the step from there to the file that is needed.

Nothing is parsed and nothing unpacked: the bytes are a stranger's, and every look at them takes time in proportion to
their number.
"""

import json
import re
import sys
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

HEAD = 4096
"""Bytes at the beginning that tell most kinds."""


class Kind(StrEnum):
    """What a file is that is not Python."""

    NOTEBOOK = "notebook"
    ARCHIVE = "archive"
    DOCUMENT = "document"
    """Of a word processor, or a PDF."""
    WEB_PAGE = "web page"
    IMAGE = "image"
    COMPILED = "compiled"
    DATA = "data"
    PATCH = "patch"
    POINTER = "pointer"
    """It stands for a file that is elsewhere."""
    ENCODED = "encoded"
    """Text in an encoding that Python does not read."""


@dataclass(frozen=True)
class Recognised:
    """A file that is not Python: what it is, and what to do."""

    kind: Kind
    name: str
    """With its article: ``a Jupyter notebook``."""
    step: str
    """The sentence that says how to come from there to a Python file."""

    def sentence(self, shown: str) -> str:
        """Return what to say about the file of this name."""
        return f"{shown} is {self.name}. {self.step}"


_UNPACK = "Unpack it, and put the .py file from inside in its place."
_COPY = "Copy your code into a plain text file (.py), for example with your code editor."
_AS_SOURCE = "Put the .py file that you wrote in its place."
_NOTEBOOK = Recognised(
    Kind.NOTEBOOK,
    "a Jupyter notebook",
    "Export it as Python and put the .py file in its place. In Jupyter: File > Save and Export Notebook As >"
    " Executable Script. In Colab: File > Download > Download .py. In a terminal: jupyter nbconvert --to script"
    " NAME.ipynb",
)
_WEB_PAGE = Recognised(
    Kind.WEB_PAGE,
    "a web page (HTML)",
    'Download the file itself: on GitHub with "Download raw file", elsewhere with a download button instead of'
    " File > Save as.",
)
_UTF_16 = Recognised(
    Kind.ENCODED, "saved with the encoding UTF-16", "Save it again with the encoding UTF-8, which Python reads."
)

_PACKED: tuple[tuple[bytes, Kind, str, str], ...] = (
    (rb"word/(document\.xml|_rels)", Kind.DOCUMENT, "a Word document", _COPY),
    (rb"xl/(workbook\.xml|_rels)", Kind.DOCUMENT, "an Excel workbook", _COPY),
    (rb"ppt/(presentation\.xml|_rels)", Kind.DOCUMENT, "a PowerPoint presentation", _COPY),
    (rb"mimetypeapplication/vnd\.oasis", Kind.DOCUMENT, "an OpenDocument file", _COPY),
    (rb"Index/Document\.iwa|Index\.zip", Kind.DOCUMENT, "a Pages document", _COPY),
    (rb"/data\.pkl", Kind.DATA, "a file that torch.save has written", _AS_SOURCE),
    (rb"", Kind.ARCHIVE, "a zip archive", _UNPACK),
)
"""What a file that begins like a zip is, by a name of a file inside; the first that fits."""
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
        "Type the code into a text file (.py): a picture of code cannot be run.",
    ),
    (rb"(?s:..)\r\n[\x00-\x0f]\x00\x00\x00", Kind.COMPILED, "a file that Python has compiled (.pyc)", _AS_SOURCE),
    (rb"\x7fELF|MZ(?=[^\n]{0,60}\x00)|[\xcf\xce]\xfa\xed\xfe", Kind.COMPILED, "a compiled program", _AS_SOURCE),
    (rb"\x80[\x02-\x05]", Kind.DATA, "pickled data", _AS_SOURCE),
    (rb"\x93NUMPY", Kind.DATA, "an array that numpy has saved", _AS_SOURCE),
    (
        rb"\x00\x05\x16\x07",
        Kind.DATA,
        "what macOS keeps beside a file, under its name with ._ before it",
        "Put the file of the same name without ._ in its place.",
    ),
    (
        rb"L\x00\x00\x00\x01\x14\x02\x00|\[(InternetShortcut|Desktop Entry)\]\s",
        Kind.POINTER,
        "a shortcut to a file",
        "Put the file itself in its place.",
    ),
    (
        rb"version https://git-lfs\.github\.com/spec/",
        Kind.POINTER,
        "a pointer of Git LFS",
        "Put the file that it points to in its place: git lfs pull",
    ),
    (
        rb"diff --git |Index: [^\n]+\n=+\n|--- [^\n]+\n\+\+\+ |From [0-9a-f]{40} ",
        Kind.PATCH,
        "a patch, which lists changes of a file",
        "Put the whole file, with these changes, in its place.",
    ),
)
"""How the bytes of a kind begin; none of it begins a Python file."""
_SPACE = rb"(?:\xef\xbb\xbf)?\s*"
_NOTEBOOK_HEAD = re.compile(_SPACE + rb'\{\s*"(cells|metadata|nbformat|nbformat_minor|worksheets)"\s*:')
_WEB_PAGE_HEAD = re.compile(_SPACE + rb"<(!DOCTYPE|!--|\?xml|[a-z]+[\s>])", re.IGNORECASE)
_SAVED_PAGE_HEAD = re.compile(rb"(From|MIME-Version|Content-Type|Subject): (?=(?s:.{0,2000})multipart/related)")
_BOMS_OF_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def recognise(content: bytes) -> Recognised | None:
    """Return what a file is that is not Python, or None for what may be Python.

    The first `HEAD` bytes tell all but short notebooks, for which the whole file is needed.
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
    """Whether it is marked as UTF-16 or, without a mark, every second byte at its beginning is 0."""
    if content.startswith(_BOMS_OF_UTF_16):
        return True
    head = content[: HEAD // 2 * 2]
    even, odd = head[::2], head[1::2]
    pairs = len(odd)
    # Text in the letters of English has a 0 beside each, on the one side or on the other.
    return pairs >= 4 and any(
        zeros.count(0) > 0.9 * pairs and not letters.count(0) for zeros, letters in ((even, odd), (odd, even))
    )


# ---- Text that Python cannot read -----------------------------------------------------------------------------------

MAX_ROW = 500
"""Characters of a line that are looked at: some patterns take the square of them."""
_CONFLICT = re.compile(r"(<{7}|\|{7}|>{7})( .*)?")
_LINES = (
    (
        r"(>>>|\.\.\.)( |$)|(In|Out) ?\[[\d ]*\]:",
        "begins with a prompt of Python: it was copied from a session. Delete the prompts and what was printed.",
    ),
    (r"```|~~~", "is a fence of Markdown. Delete it, and all lines outside of the fences that are not code."),
    (
        r"\$ |(sudo |python3? -m )?(pip3?|conda|uv|git|cd|ls|apt|apt-get|brew|python3?|jupyter|grade) +[\w./-]",
        "is a command for the terminal. Type it there, and delete the line.",
    ),
    (r"[+-] *(def|class|import|from|return|@)\b", "begins as in a patch. Delete the + and - in front of the lines."),
    (
        r"\d+( *[:.|])? +(def|class|import|from|return|for|if|#|@|\w+ *=)",
        "begins with its line number. Delete the numbers.",
    ),
    (r".*&(gt|lt|amp|quot|nbsp|#\d+);", "holds characters as HTML writes them. Type them, such as > for &gt;"),
    (r"\?{1,2}[\w.]+$|[\w.]+\?{1,2}$", "asks a notebook for help. Delete the line."),
    (r"[!%]", "is a command of a notebook. Delete the line, or put # before it."),
    (r"\w+ *= *[!%]\w", "is a command of a notebook. Delete the line, or put # before it."),
)
"""What a line at which Python stops may be, by how it begins, and what to say of it."""
_MESSAGES = (
    (r"'(return|yield|await)", "It stands outside of a function: indent it as far as the rest of the function."),
    (
        r"inconsistent use of tabs|unindent does not match",
        'Indent with four spaces everywhere; editors have a command for that, such as "Convert Indentation to Spaces".',
    ),
    (r"source code string cannot contain null|null byte", "It holds bytes that are 0. Save it again as plain text."),
)
"""What Python's own message leaves open."""
_BEFORE = "Compute the value on a line of its own, before the f-string."
_NEWER = (
    ((3, 12), r"f-string.*(unmatched|expecting '\}'|backslash|'#')", "", _BEFORE),
    ((3, 12), r"unterminated string literal", r".*\bf[rR]?['\"][^'\"]*\{[^}]*$", _BEFORE),
    ((3, 12), r"", r"type\s+\w+\s*(\[.*\])?\s*=", "Leave out the word `type`."),
    ((3, 12), r"", r"(async\s+)?(def|class)\s+\w+\s*\[", "Leave out the type parameters in [...]."),
    ((3, 13), r"", r"(async\s+)?(def|class)\s+\w+\s*\[[^]]*=", "Leave out the type parameters in [...]."),
    ((3, 14), r"", r".*\b(t|tr|rt)['\"]", "Write an f-string instead of a template string."),
    ((3, 14), r"multiple exception types must be", "", "Put parentheses around the exception types."),
    ((3, 15), r"(iterable|dict) unpacking cannot be used in", "", "Write a loop."),
    ((3, 15), r"", r"lazy\s+(import|from)\s", "Leave out the word `lazy`."),
)
"""What a version of Python has brought: its number, the message of older ones, how the line begins, and the step."""
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
"""What to type in the place of characters that word processors and web pages put into code."""
_CYRILLIC = "\u0430\u0441\u0501\u0435\u04bb\u0456\u0458\u043e\u0440\u0455\u0445\u0443\u051b\u051d\u0433"
_CYRILLIC_CAPITALS = "\u0410\u0412\u0421\u0415\u041d\u0406\u0408\u041a\u041c\u041e\u0420\u0405\u0422\u0425\u0423"
_GREEK = "\u03bf\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7"
_LATIN = {
    **dict(zip(_CYRILLIC, "acdehijopsxyqwr", strict=True)),
    **dict(zip(_CYRILLIC_CAPITALS, "ABCEHIJKMOPSTXY", strict=True)),
    # Of the small Greek letters the one that mathematics does not use.
    **dict(zip(_GREEK, "oABEZHIKMNOPTYX", strict=True)),
}
"""Letters of other alphabets that look like one of ours."""


def why_unparsable(text: str, line: int, message: str) -> str:
    """Return what the line is at which Python stops, and the step that mends it; empty where nothing more is known.

    ``message`` is Python's own, whose words stay true beside ours.
    """
    rows = re.split(r"\r\n|\r|\n", text)
    for number, row in enumerate(rows, start=1):
        if _CONFLICT.fullmatch(row):
            return (
                f"Line {number} is a conflict marker of Git: two versions of the code follow. Keep the lines that you"
                " want, and delete the others with the lines that begin with <<<<<<<, ======= and >>>>>>>."
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
            return f"This may be the syntax of Python {newer} or newer, and Python {grading} grades here. {step}"
    return ""


def _of_character(character: str, line: int, rows: list[str]) -> str:
    """Return what to say of a character that Python does not read."""
    others = sum(character in row for row in rows) - 1
    more = f", and so do {others} more line{'s' * (others > 1)}" if others > 0 else ""
    called = named(character)
    if not character.isprintable() and unicodedata.category(character) != "Zs":
        return f"Line {line} holds a character that cannot be seen, {called}{more}. Delete it: your editor can show it."
    if character.isspace():
        return f"Line {line} holds {called}, which looks like a space{more}. Let your editor replace all by spaces."
    typed = _REPLACED.get(character) or unicodedata.normalize("NFKC", character)
    step = f"Type {typed} in its place." if typed.isascii() else "Delete it."
    return f"Line {line} holds {character}, {called}{more}. {step}"


def named(character: str) -> str:
    """Return how Unicode calls a character: ``CYRILLIC SMALL LETTER A (U+0430)``."""
    return f"{unicodedata.name(character, 'a character without a name')} (U+{ord(character):04X})"


def plain(text: str) -> str:
    """Return a text with letters that look like Latin ones as these."""
    return "".join(_LATIN.get(letter, letter) for letter in unicodedata.normalize("NFKC", text))


def lookalikes(text: str) -> str:
    """Return which letters of a word only look like Latin ones, or an empty string where it has none.

    A word in another alphabet has letters that look like none of ours; it is what it is.
    """
    strange = [letter for letter in text if letter in _LATIN]
    if not strange or not plain(text).isascii():
        return ""
    letter = strange[0]
    more = " and others like it" if len(set(strange)) > 1 else ""
    inside = f" in {text}" if text != letter else ""
    return f"The letter {letter}{inside} is {named(letter)}{more}: type the Latin letter {_LATIN[letter]}."
