"""Operating-system restrictions on a student's process: files, network, processes, signals and resources.

Landlock (through sandlock) guards files: only the interpreter's prefixes and the system's libraries can be read,
without the courses in them, only one empty scratch folder can be written, and /proc cannot be read. It does not stop
UDP, fork, exec, or changes of a file's mode or owner: a seccomp filter does, which allows the system calls listed here
and refuses all others.
Both need Linux; elsewhere the worker is a plain process with limits, and every report says so.
"""

import contextlib
import functools
import os
import resource
import sys
from dataclasses import dataclass
from typing import Any

from grader.errors import Fault
from grader.sandbox import readable

MIB = 2**20
CONFINED, PROCESS = "confined", "process"

ALLOWED_CALLS = {
    "files": (
        "read write readv writev pread64 pwrite64 preadv pwritev lseek creat close close_range"
        " dup dup2 dup3 stat lstat fstat newfstatat statx access faccessat faccessat2 readlink readlinkat"
        " getdents getdents64 getcwd"
        " chdir fchdir mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2 truncate ftruncate"
        " umask pipe pipe2 poll ppoll select pselect6"
    ),
    "the channel": "recvfrom sendto getsockname getpeername getsockopt",
    "memory": "brk munmap mremap mprotect",
    "threads": "futex set_robust_list rseq sched_yield getcpu",
    "signals of this process": (
        "rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigsuspend rt_sigtimedwait sigaltstack pause alarm"
        " setitimer getitimer restart_syscall"
    ),
    "time": "gettimeofday time nanosleep",
    "what this process is": (
        "getpid gettid getppid getuid geteuid getgid getegid getresuid getresgid getgroups getrusage getrlimit times"
        " uname getrandom"
    ),
    "its end": "exit exit_group",
}
"""System calls that Python, NumPy, torch and matplotlib make in a worker; all others are refused.

`readlink` and `stat` are allowed: without them Python cannot find modules.
"""

IGNORED_CALLS = "fsync fdatasync msync"
"""System calls that report success without doing anything.

They wait for a disk, which the clock does not count, and a worker's files need not survive a power cut.
"""

_LOW = 0xFFFFFFFF
"""The bits of an int argument that the kernel reads."""
_THREAD_FLAGS = 0x003D0F00
"""The flags with which the C library starts a thread: shared memory, files and signals, no new namespace."""
_OLD_THREAD_FLAG = 0x00400000
"""CLONE_DETACHED, which some libraries add and the kernel ignores."""
_LASTING_MAPPINGS = 0x00042001
"""MAP_SHARED, MAP_LOCKED, MAP_HUGETLB: memory that outlives its mapping, or is taken from the whole system."""
_DIRECT: int = getattr(os, "O_DIRECT", 0)
_WAITING_FOR_DISKS = os.O_SYNC | os.O_DSYNC | _DIRECT
"""Flags of files that are written or read at disk speed."""
_F_SETFL = 4

ALLOWED_ARGUMENTS: dict[str, tuple[int, int, tuple[int, ...]]] = {
    "open": (1, _WAITING_FOR_DISKS, (0,)),
    "openat": (2, _WAITING_FOR_DISKS, (0,)),
    # F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC: no owners, locks or larger pipes.
    "fcntl": (1, _LOW, (0, 1, 2, 3, 1030)),
    # TCGETS, TCGETS2, TIOCGWINSZ, FIONBIO, FIONCLEX, FIOCLEX: terminal queries, blocking and close-on-exec.
    "ioctl": (1, _LOW, (0x5401, 0x802C542A, 0x5413, 0x5421, 0x5450, 0x5451)),
    "prctl": (0, _LOW, (15, 16)),  # PR_SET_NAME, PR_GET_NAME: thread names
    "arch_prctl": (0, _LOW, (0x1021, 0x1022, 0x1023)),  # ARCH_GET_XCOMP_SUPP, ARCH_GET/REQ_XCOMP_PERM: AMX
    "clone": (0, _LOW & ~_OLD_THREAD_FLAG, (_THREAD_FLAGS,)),
    "mmap": (3, _LASTING_MAPPINGS, (0,)),
    # Access patterns, unneeded memory, huge pages, core dumps; nothing that pages out to swap.
    "madvise": (2, _LOW, (0, 1, 2, 3, 4, 8, 14, 15, 16, 17)),
    # A negative clock id belongs to another process.
    "clock_gettime": (0, 0x80000000, (0,)),
    "clock_getres": (0, 0x80000000, (0,)),
    "clock_nanosleep": (0, 0x80000000, (0,)),
}
"""System calls that one argument decides: its position, the bits that count, and their allowed values.

In addition, fcntl may set any flag but O_DIRECT, prlimit64 may read limits but not set them, and tgkill and
sched_getaffinity work on the process itself only.
"""

UNKNOWN_CALLS = ("clone3", *range(451, 512))
"""Calls that fail with ENOSYS, as on an older kernel: those newer than this list, and clone3.

Numbers above 424 are the same on every architecture. The C library falls back from clone3 to clone, whose flags a
filter can read.
"""

_BINARY_TREE = 2
"""libseccomp's lookup of call numbers by binary tree."""
_SET_DEATH_SIGNAL = 1
"""PR_SET_PDEATHSIG."""


@dataclass(frozen=True)
class Limits:
    """What a worker may use; memory is counted beyond what torch maps before the student's file is loaded."""

    memory: int = 1024 * MIB
    file: int = 16 * MIB
    written: int = 128 * MIB
    """Bytes written to files and to the screen together."""
    files: int = 1000
    """Files and folders that may exist at one time."""
    cpu_seconds: int = 60
    threads: int = 64
    call_seconds: float = 1.0
    """CPU time plus sleep allowed for a call whose reference answers at once."""
    long_call_seconds: float = 2.0
    """The maximum for a call, however long the reference takes."""
    load_seconds: float = 2.0
    """The maximum for loading the file."""
    lesson_seconds: float = 20.0
    """The maximum for all calls of a lesson together, divided equally between its exercises."""
    check_memory: int = 1024 * MIB
    """Memory for the check process, which reads the answers, beyond what it has at the start."""
    check_seconds: int = 120
    """CPU time for the check process."""


def missing() -> str:
    """Return why this machine cannot confine code, or an empty string."""
    if sys.platform != "linux":
        return f"Landlock and seccomp exist only on Linux, and this is {sys.platform}"
    try:
        import pyseccomp  # noqa: F401  the import fails where libseccomp is not installed
        from sandlock import Protection, Sandbox, landlock_abi_version  # noqa: F401
    except (ImportError, OSError, RuntimeError) as error:
        return f"the confinement libraries cannot be loaded: {error}"
    version = landlock_abi_version()
    if version < 3:
        return f"this kernel has Landlock version {max(version, 0)}; version 3 is required (Linux 6.2)"
    return ""


@functools.cache
def isolation() -> str:
    """Return how a student's code is isolated: ``confined``, or ``process`` if this machine cannot confine."""
    return PROCESS if missing() else CONFINED


def set_limits(limits: Limits) -> None:
    """Bound memory, CPU time, file size, core dumps, open files and threads of this process."""
    bounds = {
        resource.RLIMIT_CPU: limits.cpu_seconds,
        resource.RLIMIT_FSIZE: limits.file,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: 256,
    }
    if sys.platform == "linux":
        bounds[resource.RLIMIT_AS] = _mapped() + limits.memory
        if os.getuid() != 0:  # the limit does not apply to root
            bounds[resource.RLIMIT_NPROC] = _own_tasks() + limits.threads
    for kind, bound in bounds.items():
        resource.setrlimit(kind, (bound, bound))


def set_check_limits(limits: Limits) -> None:
    """Bound memory and CPU time of this process, which reads what a student's functions return."""
    resource.setrlimit(resource.RLIMIT_CPU, (limits.check_seconds, limits.check_seconds))
    if sys.platform == "linux":
        memory = _mapped() + limits.check_memory
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _mapped() -> int:
    """Return the size of this process's address space in bytes."""
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[0]) * resource.getpagesize()


def confine(scratch: str) -> None:
    """Confine this process irreversibly; ``scratch`` is the only folder that it may write."""
    try:
        rules = filter_of(os.getpid())
        _confine_files(scratch)
        _drop_capabilities()
        rules.load()
    except Exception as error:
        raise Fault(f"The student's process could not be confined: {error}") from error


def _confine_files(scratch: str) -> None:
    from sandlock import Protection, Sandbox
    from sandlock import confine as restrict

    restrict(
        Sandbox(
            fs_readable=readable.paths(),
            fs_writable=[scratch],
            # The seccomp filter covers these four, so a kernel without them is not weaker.
            allow_degraded=[
                Protection.NET_TCP,
                Protection.FS_IOCTL_DEV,
                Protection.SIGNAL_SCOPE,
                Protection.ABSTRACT_UNIX_SOCKET_SCOPE,
            ],
        )
    )


def _drop_capabilities() -> None:
    """Drop root's capabilities: grading in a container often runs as root."""
    import ctypes

    version_3 = 0x20080522
    header, nothing = (ctypes.c_uint32 * 2)(version_3, 0), (ctypes.c_uint32 * 6)()
    if ctypes.CDLL(None, use_errno=True).capset(header, nothing) != 0:
        raise OSError(ctypes.get_errno(), "cannot drop capabilities")


@functools.cache
def prepare() -> Any:
    """Return the part of the seccomp filter that all workers share; the zygote builds it once.

    It also looks once for what workers may read.
    """
    import errno

    import pyseccomp as seccomp

    readable.paths()
    rules = seccomp.SyscallFilter(seccomp.ERRNO(errno.EPERM))
    # 32-bit and x32 calls have other numbers: the filter kills a process that tries one.
    rules.set_attr(seccomp.Attr.ACT_BADARCH, seccomp.KILL_PROCESS)
    with contextlib.suppress(OSError):  # libseccomp before 2.5 tests one call after the other
        rules.set_attr(seccomp.Attr.CTL_OPTIMIZE, _BINARY_TREE)
    for name in " ".join(ALLOWED_CALLS.values()).split():
        _add(rules, seccomp.ALLOW, name)
    for name in IGNORED_CALLS.split():
        _add(rules, seccomp.ERRNO(0), name)
    for name, (position, bits, values) in ALLOWED_ARGUMENTS.items():
        for value in values:
            _add(rules, seccomp.ALLOW, name, seccomp.Arg(position, seccomp.MASKED_EQ, bits, value))
    without_direct = seccomp.Arg(2, seccomp.MASKED_EQ, _DIRECT, 0)
    _add(rules, seccomp.ALLOW, "fcntl", seccomp.Arg(1, seccomp.MASKED_EQ, _LOW, _F_SETFL), without_direct)
    itself = seccomp.Arg(0, seccomp.EQ, 0)
    _add(rules, seccomp.ALLOW, "prlimit64", itself, seccomp.Arg(2, seccomp.EQ, 0))
    _add(rules, seccomp.ALLOW, "sched_getaffinity", itself)
    for call in UNKNOWN_CALLS:
        _add(rules, seccomp.ERRNO(errno.ENOSYS), call)
    return rules


def filter_of(pid: int) -> Any:
    """Return the filter of the worker with this process id; called once, in that worker."""
    import pyseccomp as seccomp

    rules = prepare()
    for name in ("tgkill", "sched_getaffinity"):
        _add(rules, seccomp.ALLOW, name, seccomp.Arg(0, seccomp.EQ, pid))
    return rules


def _add(rules: Any, action: int, call: str | int, *arguments: Any) -> None:
    """Add a rule, unless this architecture or this libseccomp does not know the call."""
    import pyseccomp as seccomp

    number = seccomp.resolve_syscall(seccomp.Arch.NATIVE, call) if isinstance(call, str) else call
    if number >= 0:
        rules.add_rule(action, number, *arguments)


def die_with_parent() -> None:
    """Let the kernel kill this process when its parent ends for any reason."""
    if sys.platform == "linux":
        import ctypes

        sigkill = 9
        ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, sigkill)


def _own_tasks() -> int:
    """Return how many threads this user has: RLIMIT_NPROC counts them all."""
    uid, tasks = os.getuid(), 0
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.stat(f"/proc/{name}").st_uid == uid:
                tasks += len(os.listdir(f"/proc/{name}/task"))
        except OSError:
            continue
    return tasks
