"""The page's requests as a student's browser makes them: read, edit, save, fail, ask for help, pass."""

import io
import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from grader.course.stub import derive_stub
from grader.progress.store import digest
from tests.patience import PATIENCE, comes_true
from tests.small_lesson import SOLUTION, THREE, write_lesson, write_three
from tests.web.moving import add_animation, add_figure
from tests.web.served import Served, serving, started

ONE = "m9_1_scaling"
LESSON = f"/api/lessons/{ONE}"
SCALE = f"{LESSON}/exercises/scale"
WRONG = SOLUTION.replace("x * factor", "x + factor")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("course")
    lesson = write_lesson(root)
    add_figure(lesson)
    add_animation(lesson)
    write_three(root)
    (root / "README.md").write_text("# A course of scaling\n\n| **Module 9: Scales** |\n")
    return root


@pytest.fixture(scope="module")
def served(root: Path) -> Iterator[Served]:
    with serving(root) as served:
        yield served


@pytest.fixture
def path(root: Path, served: Served) -> Path:
    """The student's file, with the starter code in it; its lesson is the one that is graded."""
    path = root / "exercises" / f"{ONE}.py"
    served.post(f"{LESSON}/open")
    path.write_bytes(derive_stub(SOLUTION).encode())
    graded(served, path)
    return path


def save(served: Served, content: str, base: str | None = None) -> Any:
    base = served.get(f"{LESSON}/file")["digest"] if base is None else base
    return served.ask("PUT", f"{LESSON}/file", content, {"If-Match": f'"{base}"'})


def graded(served: Served, path: Path) -> Any:
    """Wait for the verdict on the present file; return that on its exercise."""
    wanted = digest(path.read_bytes())
    state = served.until(
        f"{LESSON}/round",
        lambda state: state["digest"] == wanted and not state["is_grading"] and state["exercises"][0]["status"],
    )
    return state["exercises"][0]


def test_the_course_shows_every_lesson_and_where_to_go_on(served: Served, path: Path) -> None:
    course = served.get("/api/course")

    assert path.is_file()
    assert course["title"] == "A small course"
    (module,) = course["modules"]
    assert module["title"] == "Module 9: Scales"
    assert [row["id"] for row in module["lessons"]] == ["9.1", "9.3"]
    assert module["lessons"][0]["exercises"] == [{"name": "scale", "bonus": False, "status": "todo"}]
    assert course["next_lesson"] == ONE
    assert course["next_exercise"] == "scale"


def test_a_lesson_shows_its_page_and_its_exercises(served: Served) -> None:
    view = served.get(LESSON)

    assert '<h2 id="introduction">' in view["html"]
    assert "return x * factor" not in view["html"]
    assert view["file"] == f"exercises/{ONE}.py"
    assert (view["previous"], view["following"]) == ("", THREE)
    (exercise,) = view["exercises"]
    assert exercise["fairness"] == (
        "These checks pass the solution and 1 right answer in other styles, and name the mistake in 3 known wrong"
        " answers."
    )
    assert exercise["hints"] == 3
    (prediction,) = exercise["predictions"]
    assert prediction["options"] == ["Nothing.", "They turn round."]


def test_a_wrong_file_is_saved_graded_and_explained(served: Served, path: Path) -> None:
    saved = save(served, WRONG)

    assert saved.status == 200
    assert path.read_text() == WRONG
    verdict = graded(served, path)
    assert verdict["status"] == "wrong"
    failure = verdict["failure"]
    assert failure["explanation"] == "You add the factor, and it is to be multiplied."
    assert failure["counterexample"].startswith("scale(")
    assert failure["returned"] != failure["expected"]
    assert [check["status"] for check in verdict["checks"]].count("passed") >= 1


def test_an_appeal_is_the_file_that_the_command_writes(served: Served, path: Path, root: Path) -> None:
    save(served, WRONG)
    graded(served, path)
    # The verdict is stored just after it is told.
    assert comes_true(lambda: served.ask("POST", f"{SCALE}/appeal", "{}").status == 200)

    reply = served.ask("POST", f"{SCALE}/appeal", json.dumps({"says": "It is right."}))

    assert reply.headers["content-disposition"] == 'attachment; filename="appeal-9.1-scale.json"'
    assert reply.json["says"] == "It is right."
    assert reply.json["source"] == WRONG
    assert reply.json["call"].startswith("scale(")
    assert str(root) not in reply.content.decode()
    assert served.ask("POST", f"{SCALE}/appeal", json.dumps({"says": 1})).status == 400
    assert served.ask("POST", f"{SCALE}/appeal", json.dumps({"says": "x" * 2000})).status == 400
    save(served, SOLUTION)
    graded(served, path)
    refused = served.ask("POST", f"{SCALE}/appeal", "{}")
    assert refused.status == 400
    assert "scale has passed" in refused.json["error"] or "no verdict" in refused.json["error"]


def test_an_exception_marks_its_line(served: Served, path: Path) -> None:
    wrong = SOLUTION.replace("return x * factor", "return x * facto")
    save(served, wrong)

    failure = graded(served, path)["failure"]

    (mark,) = failure["marks"]
    assert wrong.splitlines()[mark["line"] - 1].strip() == "return x * facto"
    assert "facto" in mark["message"]


def test_a_right_file_passes_and_the_progress_is_told(served: Served, path: Path) -> None:
    save(served, SOLUTION)

    assert graded(served, path)["status"] == "passed"
    served.until("/api/course", lambda course: course["next_lesson"] == THREE)
    assert served.get(f"{LESSON}/round")["is_complete"]


def test_another_editor_may_save_too(served: Served, path: Path) -> None:
    before = served.get(f"{LESSON}/file")
    path.write_text(WRONG)

    assert graded(served, path)["status"] == "wrong"
    refused = save(served, "mine", before["digest"])
    assert refused.status == 409
    assert refused.json["file"]["content"] == WRONG
    assert path.read_text() == WRONG


def test_a_save_over_another_version_keeps_that_one(served: Served, path: Path) -> None:
    path.write_text("# theirs\n")
    theirs = served.get(f"{LESSON}/file")
    assert save(served, "# mine\n", theirs["digest"]).status == 200

    newest, *_ = served.get(f"{LESSON}/versions")
    assert newest["reason"] == "before a save in the page"
    assert served.get(f"{LESSON}/versions/{newest['id']}")["content"] == "# theirs\n"


def test_line_ends_and_letters_stay_as_they_are(served: Served, path: Path) -> None:
    path.write_bytes("# é 中\r\nx = 1\r\n".encode())
    view = served.get(f"{LESSON}/file")
    assert view["content"] == "# é 中\nx = 1\n"

    assert save(served, view["content"] + "y = 2\n").status == 200
    assert path.read_bytes() == "# é 中\r\nx = 1\r\ny = 2\r\n".encode()


def test_what_is_no_text_is_not_edited(served: Served, path: Path) -> None:
    path.write_bytes(b"\xff\xfe\x00")
    view = served.get(f"{LESSON}/file")

    assert "is not UTF-8 text" in view["complaint"]
    assert save(served, "mine").status == 400
    assert path.read_bytes() == b"\xff\xfe\x00"


def test_a_link_is_not_written_through(served: Served, path: Path, tmp_path: Path) -> None:
    target = tmp_path / "target.py"
    target.write_text("precious")
    path.unlink()
    path.symlink_to(target)
    try:
        assert "is a link" in served.get(f"{LESSON}/file")["complaint"]
        assert save(served, "mine").status == 400
        assert target.read_text() == "precious"
    finally:
        path.unlink()
        path.write_text(SOLUTION)


def test_a_file_too_large_is_refused_and_nothing_is_written(served: Served, path: Path) -> None:
    before = path.read_text()

    assert save(served, "#" * 3_000_000).status == 400
    assert path.read_text() == before


def test_reset_and_undo(served: Served, path: Path) -> None:
    save(served, SOLUTION)
    changed = served.post(f"{LESSON}/reset", exercise="scale")
    assert "is the starter code again" in changed["said"]
    assert "NotImplementedError" in changed["file"]["content"]

    assert served.post(f"{LESSON}/undo")["file"]["content"] == SOLUTION
    assert path.read_text() == SOLUTION


def test_hints_come_one_by_one_and_stay(served: Served, path: Path) -> None:
    assert path.is_file()
    assert served.get(f"{SCALE}/hints")["shown"] == []
    served.post(f"{SCALE}/hints")

    view = served.post(f"{SCALE}/hints")

    assert view["total"] == 3
    assert len(view["shown"]) == 2
    assert "<p>What happens to every entry when the factor is 2?</p>" in view["shown"][0]
    assert served.get(f"{SCALE}/hints") == view


def test_why_tells_what_each_check_requires(served: Served) -> None:
    view = served.get(f"{SCALE}/why")

    claims = [reason["claim"] for reason in view["reasons"]]
    assert "Every entry is multiplied." in claims
    assert len(claims) == 5


def test_the_solution_comes_after_passing_or_on_request(served: Served, path: Path) -> None:
    assert path.is_file()
    assert served.ask("GET", f"{SCALE}/solution").status == 403
    early = served.get(f"{SCALE}/solution?anyway=1")
    assert "return x * factor" in early["solution"]
    assert early["words"] == "Now close this and write your own version."

    save(served, SOLUTION)
    graded(served, path)
    view = served.get(f"{SCALE}/solution")
    assert view["words"] == "Your code is identical to the solution."
    assert view["another_words"] == "A loop over the entries."
    assert "<code" in view["explained"]


def test_a_prediction_is_answered_at_once_and_drawn_later(served: Served, path: Path) -> None:
    assert path.is_file()
    label = served.get(LESSON)["exercises"][0]["predictions"][0]["label"]
    address = f"{LESSON}/predictions/{label}"

    assert served.post(address, option=1) == {
        "is_right": True,
        "sentence": "A negative factor changes signs.",
        "because": "",
    }
    wrong = served.post(address, option=0)
    assert not wrong["is_right"]
    assert wrong["because"] == "They turn round. A negative factor changes signs."
    served.post(address, option=0, sure="certain", during=THREE)
    (prediction,) = served.get(LESSON)["exercises"][0]["predictions"]
    assert (prediction["is_answered"], prediction["chosen"], prediction["sure"]) == (True, 0, "certain")
    for refused in ({"option": 2}, {"option": "0"}, {"option": 0, "sure": "<b>"}, {}):
        assert served.ask("POST", address, json.dumps(refused)).status == 400
    assert served.ask("POST", address, json.dumps({"option": 0, "during": "../x"})).status == 404
    assert served.ask("GET", f"{address}/picture").status == 200


def test_a_picture_shows_the_wrong_values(served: Served, path: Path) -> None:
    save(served, WRONG)
    graded(served, path)

    picture = served.get(f"{SCALE}/picture")

    assert picture["svg"].startswith("<?xml")
    assert picture["call"].startswith("scale(")
    assert picture["words"]


def test_an_animation_has_a_still_picture_of_its_end(served: Served) -> None:
    figures = f"/course/{ONE}"
    answer = served.ask("GET", f"{figures}/colours.still.png")

    with Image.open(io.BytesIO(answer.content)) as still:
        assert (still.format, still.size, still.convert("RGB").getpixel((5, 5))) == ("PNG", (30, 20), (0, 0, 255))
    assert served.ask("GET", f"{figures}/colours.gif").status == 200
    for name in ("line.still.png", "other.still.png", "other.gif", ".still.png"):
        assert served.ask("GET", f"{figures}/{name}").status == 404


def test_a_figure_is_moved_by_the_solution_and_then_by_the_students_code(served: Served, path: Path) -> None:
    address = f"{LESSON}/figures/line"
    (figure,) = served.get(LESSON)["figures"]
    assert [each["name"] for each in figure["controls"]] == ["factor", "colour"]
    moved = served.post(address, factor=0.6, colour=1)
    assert moved["expected"]["words"] == "The last entry is 1."
    assert moved["expected"]["panels"][0]["marks"][0]["points"] == [[0.0, 0.0], [1.0, 0.5], [2.0, 1.0]]
    assert moved["expected"]["panels"][0]["marks"][0]["role"] == "gradient"
    assert moved["yours"] is None

    own = SOLUTION.replace("return x * factor", "return x * factor + 0 * x")
    save(served, own)
    graded(served, path)
    moved = served.post(address, factor=2)
    assert moved["yours"] == moved["expected"]
    assert served.ask("POST", f"{LESSON}/figures/other", "{}").status == 404


def test_a_figure_says_how_the_students_code_fails_in_it(served: Served, path: Path) -> None:
    # Right on every call of the checks, and not on one of the figure.
    odd = "if factor == -2 and x.tolist() == [0.0, 1.0, 2.0]:\n        return 1 / 0\n    return x * factor"
    save(served, SOLUTION.replace("return x * factor", odd))
    assert graded(served, path)["status"] == "passed"

    moved = served.post(f"{LESSON}/figures/line", factor=-2)

    assert moved["yours"] is None
    assert "ZeroDivisionError" in moved["trouble"]


def test_what_is_drawn_of_a_lesson_that_is_not_graded_now_is_nothing(served: Served, path: Path) -> None:
    assert path.is_file()
    served.post(f"/api/lessons/{THREE}/open")
    served.until(f"/api/lessons/{THREE}/round", lambda state: not state["loading"] and not state["is_grading"])

    assert served.post(f"{LESSON}/figures/line") is None
    assert served.get(f"{SCALE}/picture") is None


def test_what_the_student_wrote_stays_text(served: Served, path: Path) -> None:
    attack = "<img src=x onerror=alert(1)>"
    wrong = SOLUTION.replace("    return x * factor", f'    print("{attack}")\n    raise ValueError("{attack}")')
    save(served, wrong)

    failure = graded(served, path)["failure"]

    assert failure["output"] == attack
    assert attack in failure["message"]


def test_a_lesson_may_be_broken_and_mended_meanwhile(served: Served, root: Path, path: Path) -> None:
    assert path.is_file()
    code = root / "lessons" / ONE / "scale.py"
    before = code.read_text()
    code.write_text("def nonsense(:\n")
    try:
        served.until(f"{LESSON}/round", lambda state: state["complaint"] or state["exercises"][0]["fault"])
        assert served.ask("GET", LESSON).status == 400
    finally:
        code.write_text(before)
    served.until(f"{LESSON}/round", lambda state: state["exercises"] and not state["exercises"][0]["fault"])


def test_a_save_goes_to_the_lesson_that_was_saved(served: Served, root: Path, path: Path) -> None:
    assert path.is_file()
    other = root / "exercises" / f"{THREE}.py"
    other.write_text(other.read_text() + "\n# changed\n")

    served.until(f"/api/lessons/{THREE}/round", lambda state: state["digest"] == digest(other.read_bytes()))
    assert served.get(f"{LESSON}/round")["is_grading"] is False


def test_a_stream_tells_what_happens(served: Served, path: Path) -> None:
    seen: list[Any] = []

    def listen() -> None:
        import http.client

        connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=PATIENCE)
        connection.request("GET", "/api/stream?after=0", headers={"X-Grade-Token": served.token})
        answer = connection.getresponse()
        while not any(each.get("file") and each["file"]["content"] == WRONG for each in seen):
            if line := answer.readline().strip():
                seen.append(json.loads(line))
        connection.close()

    thread = threading.Thread(target=listen)
    thread.start()
    assert comes_true(lambda: seen)
    path.write_text(WRONG)
    thread.join(PATIENCE)

    assert not thread.is_alive()
    assert seen[0]["hello"]
    numbers = [each["number"] for each in seen[1:]]
    assert numbers == sorted(numbers)


def test_news_tell_the_same_to_a_page_that_polls(served: Served, path: Path) -> None:
    number = max(each["number"] for each in served.get("/api/news?after=0"))
    path.write_text(WRONG + "# again\n")

    hello, *news = served.get(f"/api/news?after={number}")

    assert hello["hello"]
    assert news
    assert all(each["number"] > number for each in news)


def test_a_restarted_server_keeps_its_address(tmp_path: Path) -> None:
    write_lesson(tmp_path)
    with serving(tmp_path) as first:
        address = first.address
        kept = tmp_path / ".grade" / "web.json"
        assert kept.stat().st_mode & 0o077 == 0
        first.process.send_signal(signal.SIGKILL)
        first.process.wait(PATIENCE)
    with serving(tmp_path) as second:
        assert second.address == address
        with started(tmp_path) as third:
            assert third.stdout is not None
            assert third.stdout.read() == f"It runs already: {address}\n"


def test_ctrl_c_ends_it_while_pages_are_open(tmp_path: Path) -> None:
    write_lesson(tmp_path)
    with serving(tmp_path) as served:
        threads = [threading.Thread(target=served.ask, args=("GET", "/api/stream"), daemon=True) for _ in range(3)]
        for thread in threads:
            thread.start()
        time.sleep(0.3)
        served.process.send_signal(signal.SIGINT)
        assert served.process.wait(PATIENCE) == 0
        for thread in threads:
            thread.join(PATIENCE)


def test_ctrl_c_ends_it_while_a_picture_is_awaited(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write_lesson(tmp_path)
    with serving(tmp_path) as served:
        served.post(f"{LESSON}/open")
        thread = threading.Thread(target=served.ask, args=("GET", f"{SCALE}/picture"), daemon=True)
        thread.start()  # torch is being loaded, so no picture is drawn yet
        time.sleep(0.3)
        served.process.send_signal(signal.SIGINT)
        assert served.process.wait(PATIENCE) == 0
        thread.join(PATIENCE)
    assert capfd.readouterr().err == ""


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    write_lesson(tmp_path)
    with serving(tmp_path) as served, started(tmp_path, "--port", str(served.port)) as second:
        assert second.wait(PATIENCE) == 2


def test_a_unix_socket_is_for_its_owner_alone(tmp_path: Path) -> None:
    import http.client
    import socket

    write_lesson(tmp_path)
    door = tmp_path / "web.sock"

    class Connection(http.client.HTTPConnection):
        def connect(self) -> None:
            self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self.sock.connect(str(door))

    with started(tmp_path, "--unix-socket", os.path.relpath(door, tmp_path)) as process:
        assert comes_true(door.exists)
        assert door.stat().st_mode & 0o077 == 0
        connection = Connection("hub.example")
        connection.request("GET", "/")
        page = connection.getresponse().read().decode()
        token = page.partition('name="token" content="')[2].partition('"')[0]
        connection.request("GET", "/api/course", headers={"X-Grade-Token": token})
        assert connection.getresponse().read().startswith(b'{"title"')
        connection.request("GET", "/api/course")
        assert connection.getresponse().status == 401
        connection.close()
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE)
    assert not door.exists()
