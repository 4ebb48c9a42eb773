"""Messages between the grader's own processes arrive whole, or not at all."""

import os
import socket
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.sandbox import ipc

MESSAGES = st.dictionaries(
    st.text(), st.none() | st.integers(-(2**63), 2**63 - 1) | st.text() | st.lists(st.text()), max_size=5
)


@given(st.lists(MESSAGES, min_size=1, max_size=4))
def test_messages_arrive_as_they_were_sent(messages: list[dict[str, object]]) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        for message in messages:
            ipc.send(ours, message)

        assert [ipc.receive(theirs, dict) for _ in messages] == [(message, []) for message in messages]


def test_descriptors_arrive_with_their_message() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, Path(os.devnull).open("rb") as null:
        ipc.send(ours, {"do": "fork"}, [null.fileno()])
        received = ipc.receive(theirs, dict)

        assert received is not None
        message, (descriptor,) = received
        assert message == {"do": "fork"}
        assert os.path.sameopenfile(descriptor, null.fileno())
        os.close(descriptor)


@pytest.mark.parametrize("part", [b"", b"\x00\x00", struct.pack(">I", 10), struct.pack(">I", 10) + b'{"do"'])
def test_a_client_killed_in_the_middle_of_a_message_has_left(part: bytes) -> None:
    ours, theirs = socket.socketpair()
    with theirs:
        ours.sendall(part)
        ours.close()

        assert ipc.receive(theirs, dict) is None
