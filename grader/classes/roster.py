"""The roster of a class: whose account it is, and under which ids, addresses and names gradebooks know that student."""

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.classes import csv_table
from grader.classes.archive import one_line
from grader.classes.collect import Place
from grader.errors import UsageError

_ACCOUNT = ("account", "github username", "github", "username", "folder")
_ADDRESS = ("email", "email address", "e-mail")
_ID = ("id", "identifier", "student id", "id number", "sis user id", "sis login id")
_CANVAS, _MOODLE = ("canvas id",), ("participant", "moodle id")
_NAME = ("name", "full name", "student")
_FIRST, _LAST = ("first name", "firstname"), ("last name", "lastname")
MIN_CLONES = 2
"""Clones that must begin alike: a single one may belong to an account that ends like another one."""


@dataclass(frozen=True)
class Person:
    """A student on the roster; ids, addresses and names are composed."""

    account: str
    ids: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    """The name, in the forms in which gradebooks write it."""
    canvas: tuple[str, ...] = ()
    """The number that Canvas itself has given: its column ID."""
    moodle: tuple[str, ...] = ()
    """The number of the participant in Moodle."""


@dataclass(frozen=True)
class Matched:
    """The submissions of a class, matched with the roster."""

    places: list[Place]
    """With the names and addresses of the roster, where the platform gives none."""
    people: dict[str, Person]
    """By student; students who are not on the roster are left out."""
    notes: list[str]
    """Submissions that are not on the roster, and students on it without a submission."""


def read(path: Path) -> list[Person]:
    """Return the students of a roster; raises UsageError if a row cannot be told from another one."""
    sheet = csv_table.read_file(path)
    titles = [_plain(title) for title in sheet.header]
    accounts, ids, addresses, names, canvas, moodle, firsts, lasts = (
        [place for wanted in known for place, title in enumerate(titles) if title == wanted]
        for known in (_ACCOUNT, _ID, _ADDRESS, _NAME, _CANVAS, _MOODLE, _FIRST, _LAST)
    )
    if not accounts or not (ids or addresses or names or canvas or moodle or (firsts and lasts)):
        raise UsageError(
            f"{path} needs a column 'account', with the names of the accounts or folders, and one of 'id', 'email',"
            f" 'name', 'canvas id' and 'participant'. It has: {', '.join(filter(None, sheet.header))}."
        )
    people = []
    for row in sheet.whole[1:]:
        cells = [csv_table.composed(cell) for cell in row]
        account = cells[accounts[0]].removeprefix("@")
        if not account:
            continue
        identified, addressed, called, in_canvas, in_moodle = (
            [cells[place] for place in places] for places in (ids, addresses, names, canvas, moodle)
        )
        if firsts and lasts and cells[firsts[0]] and cells[lasts[0]]:
            first, last = cells[firsts[0]], cells[lasts[0]]
            called += [f"{first} {last}", f"{last}, {first}"]
        people.append(Person(account, *map(_filled, (identified, addressed, called, in_canvas, in_moodle))))
    _refuse_twins(path, people)
    return people


def match(found: Sequence[Place], people: Sequence[Person], path: Path) -> Matched:
    """Return the submissions with their students on the roster.

    An account is compared in any case. Cloned repositories all begin with the name of the assignment, and only what
    comes after this common beginning is an account. If two submissions have one account, neither is matched.
    """
    by_account = {_folded(person.account): person for person in people}
    beginning = _beginning([place.student for place in found], by_account)
    owners = {place.student: _owner(place.student, beginning, by_account) for place in found}
    claims = Counter(person.account for person in owners.values() if person is not None)
    if not claims:
        raise UsageError(
            f"No submission belongs to an account of {path}: it has, for example, {people[0].account!r}, and the class"
            f" has {found[0].student!r}. Write the accounts as they are in the names of the folders."
            if people
            else f"{path} lists no students."
        )
    matched = {student: person for student, person in owners.items() if person and claims[person.account] == 1}
    places = [_named(place, matched.get(place.student)) for place in found]
    notes = [f"{one_line(student)}: not on the roster" for student, person in owners.items() if person is None]
    notes += [
        f"{one_line(student)}: another submission is of the account {person.account} too, so neither counts for it"
        for student, person in owners.items()
        if person is not None and claims[person.account] > 1
    ]
    notes += [
        f"{one_line(_spoken(person))}: on the roster, without a submission"
        for person in people
        if not claims[person.account]
    ]
    return Matched(places, matched, notes)


def _named(place: Place, person: Person | None) -> Place:
    if person is None:
        return place
    name, address = next(iter(person.names), ""), next(iter(person.addresses), "")
    return replace(place, name=place.name or name, address=place.address or address)


def _owner(student: str, beginning: str, by_account: Mapping[str, Person]) -> Person | None:
    name = _folded(student)
    rest = name.removeprefix(beginning) if beginning and name.startswith(beginning) else name
    return by_account.get(name) or by_account.get(rest)


def _beginning(students: Sequence[str], by_account: Mapping[str, Person]) -> str:
    """Return what the names of cloned repositories have before the account; empty if most have no such beginning."""
    names = [name for name in map(_folded, students) if name not in by_account]
    counts = Counter(
        name[:place]
        for name in names
        for place in range(1, len(name))
        if name[place - 1] == "-" and name[place:] in by_account
    )
    ranked = counts.most_common(2)
    if not ranked or ranked[0][1] < MIN_CLONES or (len(ranked) > 1 and ranked[1][1] == ranked[0][1]):
        return ""
    return ranked[0][0]


def _refuse_twins(path: Path, people: Sequence[Person]) -> None:
    """Raise UsageError if two rows have the same account, id or address."""
    cells = [(_folded(person.account), "account") for person in people]
    cells += [(cell, "id or address") for person in people for cell in {*person.ids, *person.addresses}]
    cells += [(cell, "Canvas id") for person in people for cell in person.canvas]
    cells += [(cell, "participant") for person in people for cell in person.moodle]
    twins = next((each for each, number in Counter(cells).items() if number > 1), None)
    if twins is not None:
        raise UsageError(f"{path} has more than one row with the {twins[1]} {twins[0]!r}. Keep one for each student.")


def _spoken(person: Person) -> str:
    return person.account + (f" ({person.names[0]})" if person.names else "")


def _filled(cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, cells)))


def _plain(title: str) -> str:
    return " ".join(title.replace("_", " ").casefold().split())


def _folded(account: str) -> str:
    return unicodedata.normalize("NFC", account.strip()).casefold()
