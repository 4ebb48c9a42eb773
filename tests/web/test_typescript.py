"""The page's types are those of the server."""

from grader.web import typescript


def test_the_committed_types_are_those_of_the_views() -> None:
    assert typescript.TARGET.read_text(encoding="utf-8") == typescript.declarations(), (
        "Run: uv run python -m grader.web.typescript"
    )
