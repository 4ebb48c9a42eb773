"""Whatever happens to a zygote or to a request, its handle is of use afterwards, and no worker is left."""

import os
import socket
import subprocess
import sys

import pytest

from grader.sandbox import ipc
from grader.sandbox.confinement import Limits
from grader.sandbox.connection import Channel
from grader.sandbox.zygote import Zygote
from tests.conftest import is_alive
from tests.patience import comes_true


def test_a_request_that_is_broken_off_ends_the_process_and_its_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken_off(channel: socket.socket, *_: object) -> None:
        channel.sendall(bytes(2))  # the next message would be taken for the rest of this one
        raise KeyboardInterrupt

    with Zygote() as zygote:
        before = Channel.start(zygote, Limits())
        with monkeypatch.context() as patch:
            patch.setattr(ipc, "send", broken_off)
            with pytest.raises(KeyboardInterrupt):
                zygote.fork(0, 1, "", Limits())

        assert comes_true(lambda: not is_alive(before.pid))
        _, was_running = before.end()
        assert not was_running
        after = Channel.start(zygote, Limits())
        assert is_alive(after.pid)
        after.end()


def test_the_worker_of_a_zygote_before_this_one_has_ended() -> None:
    with Zygote() as zygote:
        before = Channel.start(zygote, Limits())
        zygote.close()
        after = Channel.start(zygote, Limits())

        _, was_running = before.end()
        assert not was_running
        assert is_alive(after.pid)
        _, was_running = after.end()
        assert was_running


def test_what_was_imported_before_the_fork_is_not_asked_for() -> None:
    zygote = Zygote.forked(["colorsys"])

    assert not zygote.import_modules(["colorsys"])
    assert zygote.import_modules(["wave"])
    worker = Channel.start(zygote, Limits())
    worker.end()
    zygote.close()


def test_the_descriptors_of_a_message_that_is_broken_off_are_closed() -> None:
    ours, theirs = socket.socketpair()
    reading, writing = os.pipe()
    with theirs:
        socket.send_fds(ours, [b"\0\0"], [writing])
        ours.close()
        os.close(writing)

        assert ipc.receive(theirs, dict) is None
    assert os.read(reading, 1) == b""  # nobody holds the other end any more
    os.close(reading)


FIRST_USES = """
import copy, io, sys
import torch
from torch import nn
from grader.sandbox import zygote

zygote._warm()
before = set(sys.modules)
net = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))
x = torch.ones(2, 3)
nn.functional.cross_entropy(net(x).squeeze(1), torch.tensor([0.5, 0.5])).backward()
torch.autograd.functional.hessian(lambda each: (each * each).sum(), x)
torch.linalg.lstsq(x, x)
nn.utils.clip_grad_norm_(net.parameters(), 1.0)
torch.save(net.state_dict(), io.BytesIO())
list(torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x), batch_size=2, shuffle=True))
copy.deepcopy(net), repr(x), x.numpy().sum(), torch.randperm(3, generator=torch.Generator().manual_seed(0))
print(*sorted(set(sys.modules) - before))
"""


def test_the_first_use_of_torch_imports_nothing_in_a_worker() -> None:
    """An import costs a call time that is not the student's, and more where no compiled file can be written."""
    ran = subprocess.run([sys.executable, "-c", FIRST_USES], capture_output=True, text=True, check=True)

    assert ran.stdout.split() == []
