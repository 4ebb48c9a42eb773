"""Small changes of a solution: a piece of its source is replaced, and the words say what then differs."""

import ast

import pytest

from grader.course.changes import applied, changes_of


def changed(body: str, *, more: bool = False) -> dict[str, str]:
    """Return the bodies that a body becomes, with the first words on what differs, and without invalid Python."""
    head = "def f(x: Tensor, y: Tensor, lr: float):\n"
    source = head + "".join(f"    {line}\n" for line in body.splitlines())
    found: dict[str, str] = {}
    for change in changes_of(source, ["f"], terms=more, variables=more):
        text = applied(source, [change])
        assert text.startswith(head)
        try:
            ast.parse(text)
        except SyntaxError:
            continue
        found.setdefault("\n".join(line[4:] for line in text.removeprefix(head).splitlines()), change.what)
    return found


@pytest.mark.parametrize(
    ("body", "new", "what"),
    [
        ("return x - y", "return x + y", "the sign of one term"),
        ("return (x - y) * (x + y)", "return (x - y) / (x + y)", "a multiplication against a division"),
        ("return (x - y) ** 2", "return (x - y)", "a power that is left out"),
        ("return 2 * x", "return x", "a factor 2 of a product, which is left out"),
        ("return x < y", "return x <= y", "whether a comparison includes the equal case"),
        ("return x is not y", "return x is y", "a condition, which is the opposite one"),
        ("return not x", "return x", "a condition, which is the opposite one"),
        ("return x.mean()", "return x.sum()", "`mean` against `sum`"),
        ("return x.mean(dim=0)", "return x.mean(dim=1)", "the dimension of one operation"),
        ("return range(3)", "return range((3 + 1))", "the end of a range, by one"),
        ("return x + y", "return x + x", "one name in the place of another"),
        ("x += y\nreturn x", "x = y\nreturn x", "whether the earlier value counts"),
        ("for k in x:\n    lr += k", "for k in x:\n    lr += k\n    break", "a loop that ends after one pass"),
        ("return sum(k for k in x)", "return sum(None)", "one argument of a call"),
        ("return f'{x}' + 'ä' + y", "return f'{x}' + 'ä' - y", "the sign of one term"),
        (
            "return (x\n        # a remark\n        - y)",
            "return (x\n        # a remark\n        - x)",
            "one name in the place",
        ),
    ],
)
def test_a_change_says_what_differs(body: str, new: str, what: str) -> None:
    found = changed(body)

    assert new in found
    assert found[new].startswith(what)


@pytest.mark.parametrize(
    ("body", "new"),
    [
        ("return x + y", "return x"),
        ("return x - y", "return (-y)"),
        ("return (x - y) / lr", "return (x - y)"),
        ("z = x\nreturn x", "z = x\nreturn z"),
    ],
)
def test_a_search_tries_more_than_the_audit(body: str, new: str) -> None:
    assert new in changed(body, more=True)
    assert new not in changed(body)


def test_several_changes_are_made_from_the_end() -> None:
    source = "def f(x):\n    return x + 1, x - 2\n"
    changes = {source[each.start : each.end]: each for each in changes_of(source, ["f"]) if each.end - each.start == 1}

    assert applied(source, [changes["+"], changes["-"]]) == "def f(x):\n    return x - 1, x + 2\n"
