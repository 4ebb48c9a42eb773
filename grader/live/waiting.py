"""Waiting for the engine of rounds and for whatever else its owner listens to."""

import selectors

from grader.live.rounds import Rounds


def wait(selector: selectors.BaseSelector, rounds: Rounds, seconds: float) -> list[object]:
    """Wait for what is registered and for what the rounds wait for now; return what is ready when the time is over."""
    waits = rounds.waits_for()
    for each in waits:
        selector.register(each, selectors.EVENT_READ)
    ready: list[object] = [key.fileobj for key, _ in selector.select(seconds)]
    for each in waits:
        selector.unregister(each)
    return ready
