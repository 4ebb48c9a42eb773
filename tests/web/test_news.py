"""The newest message about each thing: nothing piles up, nothing is missed, nobody waits in vain."""

import asyncio
import threading

from grader.web.news import News
from grader.web.views import FileView


def file(lesson: str, content: str = "") -> FileView:
    return FileView(lesson, content, "", "")


def test_only_the_newest_message_about_a_thing_is_kept() -> None:
    news = News()
    for content in "abc":
        news.file(file("one", content))
    news.file(file("two"))

    assert [(each.number, each.file) for each in news.after(0)] == [(3, file("one", "c")), (4, file("two"))]
    assert [each.number for each in news.after(3)] == [4]


def test_the_same_message_is_told_once() -> None:
    news = News()
    news.file(file("one"))
    news.file(file("one"))

    assert [each.number for each in news.after(0)] == [1]


def test_a_number_that_was_never_given_gets_everything() -> None:
    news = News()
    news.file(file("one"))

    assert [each.number for each in news.after(99)] == [1]


def test_a_waiting_page_is_woken_from_another_thread() -> None:
    news = News()

    async def wait() -> list[int]:
        threading.Thread(target=lambda: news.file(file("one"))).start()
        return [each.number for each in await news.wait(0, 600)]

    assert asyncio.run(wait()) == [1]


def test_waiting_ends_with_the_time_and_with_the_server() -> None:
    news = News()

    async def wait() -> tuple[object, object]:
        first = await news.wait(0, 0.01)
        threading.Thread(target=news.close).start()
        return first, await news.wait(0, 600)

    assert asyncio.run(wait()) == ([], [])
    assert asyncio.run(news.wait(0, 600)) == []
