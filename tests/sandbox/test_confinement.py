"""Which system calls a worker may make: exactly those that are listed, whatever their numbers and arguments."""

import errno
import functools
import itertools
import os
import struct
import tempfile
from collections.abc import Callable
from pathlib import Path

import pyseccomp as seccomp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.course.model import Lesson
from grader.course.submission import Source
from grader.engine.worker_session import Runner
from grader.sandbox import confinement
from grader.sandbox.confinement import Limits
from grader.sandbox.zygote import Zygote
from tests.conftest import ROOT

ORDINARY = sorted((ROOT / "tests/cases" / "ordinary").glob("*.py"))
ALLOW, KILL_PROCESS, REFUSED = 0x7FFF0000, 0x80000000, 0x00050000
NUMBERS = range(600)
"""The newest kernel has some 470 calls."""
BITS_64 = 2**64 - 1
KERNEL_INTERNAL = {335, 336} if seccomp.system_arch() == seccomp.Arch.X86_64 else set()
"""uretprobe and uprobe, which no filter sees: a program that calls them by itself is killed."""
OTHERS_PID = 1
DANGEROUS = (
    "fallocate memfd_create memfd_secret io_setup io_submit timer_create sync syncfs sync_file_range modify_ldt mlock"
    " mlock2 mlockall membarrier getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr setxattr statfs fstatfs"
    " getpgid getsid getpriority setpriority sched_getparam sched_getscheduler sysinfo inotify_init1 inotify_add_watch"
    " fanotify_init perf_event_open epoll_create1 eventfd2 timerfd_create signalfd4 userfaultfd io_uring_setup bpf"
    " socket socketpair connect bind listen accept4 sendmsg recvmsg sendmmsg recvmmsg setsockopt vfork fork execve"
    " execveat ptrace process_vm_readv process_madvise kcmp kill tkill rt_sigqueueinfo pidfd_open pidfd_getfd"
    " pidfd_send_signal setsid setpgid wait4 waitid chmod fchmod fchmodat chown fchown utimensat mknod mknodat link"
    " linkat symlink symlinkat flock name_to_handle_at open_by_handle_at unshare setns mount umount2 pivot_root chroot"
    " quotactl shmget shmat semget msgget mq_open add_key request_key keyctl landlock_create_ruleset"
    " landlock_add_rule landlock_restrict_self seccomp setrlimit sched_setaffinity sched_setattr splice tee vmsplice"
    " sendfile copy_file_range remap_file_pages mincore mbind move_pages migrate_pages pkey_alloc readahead"
    " personality capset capget setuid setgid setgroups iopl ioperm reboot kexec_load init_module delete_module"
    " finit_module syslog acct swapon settimeofday clock_settime adjtimex clock_adjtime sethostname vhangup"
    " lookup_dcookie pwritev2 preadv2 fadvise64 process_mrelease set_mempolicy_home_node openat2 clone3 futex_waitv"
    " cachestat"
)


@functools.cache
def program(pid: int) -> list[tuple[int, int, int, int]]:
    """Return the filter of a worker with this process id as the instructions that the kernel gets."""
    confinement.prepare.cache_clear()
    rules = confinement.filter_of(pid)
    confinement.prepare.cache_clear()
    with tempfile.TemporaryFile() as file:
        rules.export_bpf(file)
        file.seek(0)
        return list(struct.iter_unpack("HBBI", file.read()))


def run(number: int, *arguments: int, arch: int | None = None, pid: int = 4711) -> int:
    """Return what the filter says of a call: an interpreter of the kernel's old packet filter, as far as it goes."""
    chosen = seccomp.system_arch() if arch is None else arch
    arguments = (*arguments, *(0 for _ in range(6 - len(arguments))))
    data = struct.pack("=iIQ6Q", number if number < 2**31 else number - 2**32, chosen, 0, *arguments)
    instructions, at, accumulator = program(pid), 0, 0
    while True:
        code, if_true, if_false, constant = instructions[at]
        at += 1
        match code:
            case 0x20:  # load a word of the data
                (accumulator,) = struct.unpack_from("=I", data, constant)
            case 0x54:
                accumulator &= constant
            case 0x05:
                at += constant
            case 0x15 | 0x25 | 0x35 | 0x45:
                holds = {
                    0x15: accumulator == constant,
                    0x25: accumulator > constant,
                    0x35: accumulator >= constant,
                    0x45: bool(accumulator & constant),
                }[code]
                at += if_true if holds else if_false
            case 0x06:
                return constant
            case _:
                raise AssertionError(f"unknown instruction {code:#x}")


def number_of(name: str) -> int:
    """Return the number of a call, below 0 where this architecture has none."""
    return int(seccomp.resolve_syscall(seccomp.Arch.NATIVE, name))


def numbers_of(names: str) -> set[int]:
    return {number for number in map(number_of, names.split()) if number >= 0}


LISTED = numbers_of(" ".join(confinement.ALLOWED_CALLS.values()))
BY_ARGUMENT = {number_of(name): rule for name, rule in confinement.ALLOWED_ARGUMENTS.items() if number_of(name) >= 0}
SELF_ONLY = {number_of(name): position for name, position in (("tgkill", 0), ("sched_getaffinity", 0))}
PRLIMIT, FCNTL = number_of("prlimit64"), number_of("fcntl")
IGNORED = numbers_of(confinement.IGNORED_CALLS)
DONE = 0x00050000
"""The answer 0, without the call."""
SET_FLAGS = 4


def test_a_call_is_allowed_whatever_its_arguments_only_where_it_is_listed() -> None:
    assert {number for number in NUMBERS if run(number, *(BITS_64,) * 6) == ALLOW} == LISTED
    with_zeros = {number for number in NUMBERS if run(number) == ALLOW}
    assert with_zeros == {number for number in NUMBERS if is_allowed(number, (0,) * 6, 4711)}


def is_allowed(number: int, arguments: tuple[int, ...], pid: int) -> bool:
    """Say the same as the filter, in the words of its documentation."""
    if number == FCNTL and arguments[1] & 0xFFFFFFFF == SET_FLAGS:
        return not arguments[2] & os.O_DIRECT
    if number in BY_ARGUMENT:
        position, bits, values = BY_ARGUMENT[number]
        return arguments[position] & bits in values
    if number == PRLIMIT:
        return arguments[0] == 0 and arguments[2] == 0
    if number == number_of("tgkill"):
        return arguments[0] == pid
    if number == number_of("sched_getaffinity"):
        return arguments[0] in (0, pid)
    return number in LISTED


TELLING = sorted(
    {0, 1, 2, 4711, BITS_64, 2**31, 2**32, 2**32 + 4711}
    | {value for _, _, values in BY_ARGUMENT.values() for value in values}
    | {value + more for _, _, values in BY_ARGUMENT.values() for value in values for more in (1, 2**32, 2**40)}
    | {bits for _, bits, _ in BY_ARGUMENT.values()}
    | {SET_FLAGS, SET_FLAGS + 2**32, os.O_DIRECT, os.O_SYNC, os.O_DSYNC, os.O_RDWR | os.O_CREAT | os.O_DIRECTORY}
    | {0x8912, 0x40086602, 0x5412, 0x10000, 0x003D0F00 | 0x10000000, 0x21, 0x22, 0x8000}
)


@settings(deadline=None, max_examples=500)
@given(
    st.sampled_from(sorted({*BY_ARGUMENT, *SELF_ONLY, PRLIMIT})),
    st.tuples(*[st.sampled_from(TELLING) | st.integers(0, BITS_64)] * 6),
)
def test_where_arguments_decide_they_do_as_documented(number: int, arguments: tuple[int, ...]) -> None:
    assert (run(number, *arguments) == ALLOW) == is_allowed(number, arguments, 4711)


def test_what_is_refused_is_not_permitted_and_what_is_too_new_does_not_exist() -> None:
    for number in NUMBERS:
        answer = run(number, *(BITS_64,) * 6)
        if answer != ALLOW:
            is_new = 451 <= number < 512 or number == number_of("clone3")
            expected = REFUSED | (errno.ENOSYS if is_new else errno.EPERM)
            assert answer == (DONE if number in IGNORED else expected), number


def test_nothing_waits_for_a_disk() -> None:
    openat, creating = number_of("openat"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_TRUNC
    at_once = number_of("fcntl"), 3, SET_FLAGS

    assert {run(number_of(name), 3) for name in ("fsync", "fdatasync", "msync")} == {DONE}
    assert run(openat, 0, 0, creating) == run(*at_once, os.O_NONBLOCK) == ALLOW
    for flag in (os.O_SYNC, os.O_DSYNC, os.O_DIRECT):
        assert run(openat, 0, 0, creating | flag) != ALLOW
    assert run(*at_once, os.O_NONBLOCK | os.O_DIRECT) != ALLOW
    assert all(run(number_of("madvise"), 0, 4096, advice) != ALLOW for advice in (20, 21, 22, 23, 100, 101))


@pytest.mark.parametrize("arguments", [(0,) * 6, (BITS_64,) * 6, tuple(range(6))], ids=["zeros", "ones", "counting"])
def test_dangerous_calls_are_refused(arguments: tuple[int, ...]) -> None:
    for name in DANGEROUS.split():
        if (number := number_of(name)) >= 0:
            assert run(number, *arguments) in (REFUSED | errno.EPERM, REFUSED | errno.ENOSYS), name


def test_memory_that_outlives_its_addresses_cannot_be_mapped() -> None:
    private, shared, shared_checked, anonymous, locked, huge = 2, 1, 3, 0x20, 0x2000, 0x40000
    mmap = number_of("mmap")

    assert run(mmap, 0, 4096, 3, private) == run(mmap, 0, 4096, 3, private | anonymous) == ALLOW
    for flags in (shared, shared_checked, shared | anonymous, private | anonymous | locked, private | anonymous | huge):
        assert run(mmap, 0, 4096, 3, flags) != ALLOW


def test_a_thread_may_be_started_and_no_process() -> None:
    clone, thread = number_of("clone"), 0x003D0F00
    namespaces = [1 << bit for bit in (17, 25, 26, 27, 28, 29, 30)]

    assert run(clone, thread) == ALLOW
    assert all(run(clone, thread | space) != ALLOW for space in namespaces)
    assert all(run(clone, flags) != ALLOW for flags in (17, 0x01200011, thread & ~0x10000, 0x4111))


def test_calls_of_other_architectures_end_the_process() -> None:
    native = seccomp.system_arch()
    for arch in {seccomp.Arch.X86, seccomp.Arch.X86_64, seccomp.Arch.X32, seccomp.Arch.ARM, seccomp.Arch.AARCH64}:
        if arch != native:
            assert {run(number, arch=arch) for number in NUMBERS} == {KILL_PROCESS}
    if native == seccomp.Arch.X86_64:
        assert {run(number | 0x40000000) for number in NUMBERS} == {KILL_PROCESS}


def test_the_list_is_known_on_every_architecture_that_is_supported() -> None:
    needed = "openat newfstatat read write recvfrom sendto futex clone mmap munmap ppoll exit_group rt_sigreturn"
    listed = f"{' '.join(confinement.ALLOWED_CALLS.values())} {confinement.IGNORED_CALLS}".split()
    names = {*listed, *confinement.ALLOWED_ARGUMENTS}
    for arch in (seccomp.Arch.X86_64, seccomp.Arch.AARCH64):
        assert all(seccomp.resolve_syscall(arch, name) >= 0 for name in needed.split())
    unknown = -1
    assert [name for name in names if seccomp.resolve_syscall(seccomp.Arch.X86_64, name) == unknown] == []
    assert len(names) == len(listed) + len(confinement.ALLOWED_ARGUMENTS)


PROBE = """
import ctypes
call = ctypes.CDLL(None, use_errno=True).syscall
for number in {numbers}:
    ctypes.set_errno(0)
    if call(number, *[ctypes.c_long(-1)] * 6) != -1 or ctypes.get_errno() not in (1, 38):
        raise RuntimeError(f"call {{number}} was made: errno {{ctypes.get_errno()}}")
print("all refused")
"""


@pytest.fixture(scope="module")
def load(lesson: Lesson, zygote: Zygote) -> Callable[[str], str]:
    """Load a file in a worker and return what became of it."""

    def load_one(content: str) -> str:
        limits = Limits(load_seconds=100)
        runner = Runner(lesson, Source("code.py", content.encode()), zygote, limits)
        loaded = runner.load()
        runner.close()
        return "loaded" if isinstance(loaded, dict) else loaded.message

    return load_one


def test_the_kernel_refuses_every_other_call(load: Callable[[str], str]) -> None:
    tried = sorted(set(NUMBERS) - LISTED - IGNORED - set(BY_ARGUMENT) - set(SELF_ONLY) - KERNEL_INTERNAL)
    assert load(PROBE.format(numbers=tried)) == "loaded"


@pytest.mark.parametrize("path", ORDINARY, ids=lambda path: path.stem)
def test_ordinary_code_meets_no_refusal(path: Path, load: Callable[[str], str]) -> None:
    assert load(path.read_text()) == "loaded"


def test_the_filter_knows_its_own_process() -> None:
    tgkill = number_of("tgkill")
    for pid, other in itertools.permutations((os.getpid(), OTHERS_PID)):
        assert run(tgkill, pid, pid, 6, pid=pid) == ALLOW
        assert run(tgkill, other, other, 9, pid=pid) != ALLOW
