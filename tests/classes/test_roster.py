"""The roster: accounts become the ids, addresses and names of gradebooks; no student gets the points of another."""

from pathlib import Path

import pytest

from grader.classes import roster
from grader.classes.collect import Place
from grader.errors import UsageError

CLASSROOM = 'identifier,github_username,github_id,name\n"4711",Ann-Lee,99,"Lee, Ann"\n"4712",max,98,"Day, Max"\n'
"""As GitHub Classroom exported it."""
CLASSROOM_50 = (
    "username,first_name,last_name,email,section,github_id\n"
    "ann-lee,Ann,Lee,Ann@Example.org,A,99\nmax,Max,Day,max@example.org,A,98\n"
)


def read(folder: Path, text: str | bytes) -> list[roster.Person]:
    path = folder / "roster.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return roster.read(path)


def matched(people: list[roster.Person], *students: str) -> roster.Matched:
    places = [Place(student, list) for student in students]
    return roster.match(places, people, Path("roster.csv"))


def accounts(found: roster.Matched) -> dict[str, str]:
    return {student: person.account for student, person in found.people.items()}


def test_what_the_platforms_export_is_a_roster(tmp_path: Path) -> None:
    assert read(tmp_path, CLASSROOM)[0] == roster.Person("Ann-Lee", ("4711",), (), ("Lee, Ann",))
    assert read(tmp_path, CLASSROOM_50)[0] == roster.Person(
        "ann-lee", (), ("ann@example.org",), ("Ann Lee", "Lee, Ann")
    )


@pytest.mark.parametrize(
    "text", [f"\ufeff{CLASSROOM}", CLASSROOM.replace(",", ";"), CLASSROOM.replace("\n", "\r\n\r\n")]
)
def test_a_spreadsheet_may_have_saved_it(tmp_path: Path, text: str) -> None:
    assert [person.account for person in read(tmp_path, text)] == ["Ann-Lee", "max"]


def test_a_clone_belongs_to_the_account_after_the_beginning_that_most_share(tmp_path: Path) -> None:
    people = read(tmp_path, CLASSROOM)
    found = matched(people, "cs-loss-ann-lee", "cs-loss-MAX", "cs-loss-eve", "max-and-eve")

    assert accounts(found) == {"cs-loss-ann-lee": "Ann-Lee", "cs-loss-MAX": "max"}
    assert found.notes == ["cs-loss-eve: not on the roster", "max-and-eve: not on the roster"]
    assert [place.name for place in found.places] == ["Lee, Ann", "Day, Max", "", ""]


def test_who_is_called_like_the_end_of_another_account_gets_none_of_its_points(tmp_path: Path) -> None:
    people = read(tmp_path, "account,id\nann,1\nbob,2\ncy,3\n")

    assert accounts(matched(people, "hw-mary-ann", "hw-bob", "hw-cy")) == {"hw-bob": "bob", "hw-cy": "cy"}
    with pytest.raises(UsageError, match=r"No submission belongs to an account .* 'ann', .* 'hw-mary-ann'"):
        matched(people, "hw-mary-ann")


def test_folders_in_other_words_than_clones(tmp_path: Path) -> None:
    people = read(
        tmp_path, "account;id;name\nanon_aB3xZ;1;Lee\nvan_der_berg;2;van der Berg\nZoe\u0308;3;Zo\u00eb\n@cy;4;Cy\n"
    )
    found = matched(people, "anon_aB3xZ", "van_der_berg", "Zo\u00eb", "cy")

    assert [found.people[each].ids for each in ("anon_aB3xZ", "van_der_berg", "Zo\u00eb", "cy")] == [
        ("1",),
        ("2",),
        ("3",),
        ("4",),
    ]


def test_two_submissions_of_one_account_count_for_nobody(tmp_path: Path) -> None:
    found = matched(read(tmp_path, CLASSROOM), "hw-ann-lee", "ann-lee", "hw-max", "max")

    assert accounts(found) == {}
    assert "hw-max: another submission is of the account max too, so neither counts for it" in found.notes


def test_a_student_without_a_submission_is_told(tmp_path: Path) -> None:
    assert matched(read(tmp_path, CLASSROOM), "max").notes == [
        "Ann-Lee (Lee, Ann): on the roster, without a submission"
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name,email\nAnn,a@x\n", "needs a column 'account'"),
        ("account,section\nann,A\n", "one of 'id', 'email', 'name', 'canvas id' and 'participant'"),
        ("account,id\nann,1\nANN,2\n", "more than one row with the account 'ann'"),
        ("account,id\nann,1\nbob,1\n", "more than one row with the id or address '1'"),
        ("account,canvas id\nann,1\nbob,1\n", "more than one row with the Canvas id '1'"),
        ("account,participant\nann,1\nbob,1\n", "more than one row with the participant '1'"),
        ("account,email\nann,A@x.org\nbob,a@X.org\n", "more than one row with the id or address 'a@x.org'"),
        ("", "is empty"),
        ("account,id\n", "lists no students"),
        ("account,id\n,1\n", "lists no students"),
        ('account,id\n"ann,1\n', "is not a CSV table"),
        (b"account,name\nann,Zo\xeb\n", r"is not UTF-8 \(byte 19\)"),
        (b"\xff\xfea\x00", "is not UTF-8"),
        (b"\x00\x01\x02", "needs a column 'account'"),
    ],
)
def test_what_is_no_roster_is_refused_with_the_next_step(tmp_path: Path, text: str | bytes, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        matched(read(tmp_path, text), "ann")


def test_a_missing_roster_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nothing\.csv cannot be read: No such file"):
        roster.read(tmp_path / "nothing.csv")
