"""Seeds that are derived from a secret: repeatable with it, different in every lesson, and told nowhere."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.engine.seeds import VARIABLE, fresh_seeds, new_secret, seed_of
from grader.reports import as_html, as_json, as_markdown, classroom, github, gradescope, junit, text
from tests.reports.test_formats import SAMPLE

SEED = 918273645546372819


@given(secret=st.text(), lesson=st.text())
def test_a_seed_is_what_hypothesis_and_json_take_and_never_the_fixed_one(secret: str, lesson: str) -> None:
    secret, lesson = (part.encode(errors="ignore").decode() for part in (secret, lesson))

    assert 0 < seed_of(secret, lesson) < 2**63
    assert seed_of(secret, lesson) == seed_of(secret, lesson)


def test_every_lesson_and_every_secret_has_another_seed() -> None:
    secrets = [new_secret() for _ in range(20)]
    seeds = {seed_of(secret, lesson) for secret in secrets for lesson in ("m1_1_a", "m1_2_b", "m1_2_b ")}

    assert len(seeds) == 60
    assert all(len(secret) == 64 for secret in secrets)


def test_the_secret_of_the_environment_counts_and_an_empty_one_is_none() -> None:
    names = ["m1_1_a", "m1_2_b"]
    course = {VARIABLE: "ours"}

    assert fresh_seeds(names, course) == {name: seed_of("ours", name) for name in names}
    assert fresh_seeds(names, {VARIABLE: ""}) != fresh_seeds(names, {})
    assert fresh_seeds(names, {}) != fresh_seeds(names, {})


@pytest.mark.parametrize(
    "render",
    [
        as_html.render,
        as_json.render,
        as_markdown.render,
        classroom.render,
        gradescope.render,
        junit.render,
        lambda report: github.render(report, token="0" * 16),
        lambda report: text.render(report, text.Style(), 0.0),
    ],
)
def test_a_report_without_a_seed_does_not_speak_of_the_fixed_examples(render: object) -> None:
    assert callable(render)
    secret, told = (render(replace(SAMPLE, seed=seed)) for seed in (None, SEED))

    assert "the fixed examples" not in secret
    assert render(SAMPLE) != secret or render is classroom.render
    assert str(SEED) in told or render is classroom.render
