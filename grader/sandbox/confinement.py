"""What the operating system forbids a student's process: files, network, processes, signals and excess.

Landlock (through sandlock) guards files: only the interpreter's prefixes and the system's libraries can be read, only
one empty scratch folder can be written, and there is no /proc. It does not stop UDP, fork, exec, or a change of a
file's mode or owner: a seccomp filter does, which allows the system calls that are listed here and refuses all others.
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

MIB = 2**20
CONFINED, PROCESS = "confined", "process"

SYSTEM_PATHS = (
    "/usr/lib",
    "/usr/lib64",
    "/usr/share/zoneinfo",
    "/lib",
    "/lib64",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/dev/null",
    "/dev/zero",
    "/dev/random",
    "/dev/urandom",
)

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

A link can be read, and the attributes that `stat` tells: without them Python finds no module.
"""

IGNORED_CALLS = "fsync fdatasync msync"
"""System calls that answer that they are done, and do nothing.

They wait for a disk, which costs a call none of its time, and what a worker writes need not outlive a power cut.
"""

_LOW = 0xFFFFFFFF
"""The bits of an argument that the kernel looks at where it is an int."""
_THREAD_FLAGS = 0x003D0F00
"""What the C library starts a thread with: it shares memory, files and signals, and has no namespace of its own."""
_OLD_THREAD_FLAG = 0x00400000
"""CLONE_DETACHED, which some libraries add and the kernel ignores."""
_LASTING_MAPPINGS = 0x00042001
"""MAP_SHARED, MAP_LOCKED, MAP_HUGETLB: memory that is kept where its addresses have been given up, or for all."""
_DIRECT: int = getattr(os, "O_DIRECT", 0)
_WAITING_FOR_DISKS = os.O_SYNC | os.O_DSYNC | _DIRECT
"""Flags of files that are written, or read, at the speed of the disk."""
_F_SETFL = 4

ALLOWED_ARGUMENTS: dict[str, tuple[int, int, tuple[int, ...]]] = {
    "open": (1, _WAITING_FOR_DISKS, (0,)),
    "openat": (2, _WAITING_FOR_DISKS, (0,)),
    # F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC: no owners, no locks, no larger pipes.
    "fcntl": (1, _LOW, (0, 1, 2, 3, 1030)),
    # TCGETS, TCGETS2, TIOCGWINSZ, FIONBIO, FIONCLEX, FIOCLEX: whether it is a terminal, and whether it waits.
    "ioctl": (1, _LOW, (0x5401, 0x802C542A, 0x5413, 0x5421, 0x5450, 0x5451)),
    "prctl": (0, _LOW, (15, 16)),  # PR_SET_NAME, PR_GET_NAME: of a thread
    "arch_prctl": (0, _LOW, (0x1021, 0x1022, 0x1023)),  # whether matrix instructions may be used
    "clone": (0, _LOW & ~_OLD_THREAD_FLAG, (_THREAD_FLAGS,)),
    "mmap": (3, _LASTING_MAPPINGS, (0,)),
    # How memory will be used, that it is not needed, whether it is copied to large pages: none is sent to a swap disk.
    "madvise": (2, _LOW, (0, 1, 2, 3, 4, 8, 14, 15, 16, 17)),
    # A clock below 0 is that of another process.
    "clock_gettime": (0, 0x80000000, (0,)),
    "clock_getres": (0, 0x80000000, (0,)),
    "clock_nanosleep": (0, 0x80000000, (0,)),
}
"""System calls of which one argument decides: its position, the bits that count, and what they may be.

Beside these, a descriptor gets any flag but O_DIRECT (fcntl), limits can be read and not set (prlimit64), and signals
and affinity are the process's own (tgkill, sched_getaffinity).
"""

UNKNOWN_CALLS = ("clone3", *range(451, 512))
"""Calls that answer "there is no such call", as on an older kernel: those younger than this list, and clone3.

The numbers above 424 are the same on every architecture. The C library falls back from clone3 to clone, whose flags a
filter can read.
"""

_BINARY_TREE = 2
"""How libseccomp looks for a call's number."""
_SET_DEATH_SIGNAL = 1
"""PR_SET_PDEATHSIG."""


@dataclass(frozen=True)
class Limits:
    """What a worker may use; the memory is beyond what torch itself has mapped before the student's file is read."""

    memory: int = 1024 * MIB
    file: int = 16 * MIB
    written: int = 128 * MIB
    """All that is written into files and to the screen."""
    files: int = 1000
    """Files and folders that there may be at a time."""
    cpu_seconds: int = 60
    threads: int = 64
    call_seconds: float = 1.0
    """What a call may use, of the processor and asleep, whose reference answers at once."""
    long_call_seconds: float = 2.0
    """What a call may use at most, however long the reference needs."""
    load_seconds: float = 2.0
    """What loading the file may use."""
    lesson_seconds: float = 20.0
    """What all calls of one lesson may use together; each of its exercises has an equal part."""
    check_memory: int = 1024 * MIB
    """What the check process may use, which reads the answers, beside what it has when it begins."""
    check_seconds: int = 120
    """How long the check process may run on a processor."""


def missing() -> str:
    """Return why this machine cannot confine, or an empty string."""
    if sys.platform != "linux":
        return f"Landlock and seccomp exist on Linux only, and this is {sys.platform}"
    try:
        import pyseccomp  # noqa: F401  the import fails where libseccomp is not installed
        from sandlock import Protection, Sandbox, landlock_abi_version  # noqa: F401
    except (ImportError, OSError, RuntimeError) as error:
        return f"the confinement's libraries do not load: {error}"
    version = landlock_abi_version()
    if version < 3:
        return f"this kernel has Landlock version {max(version, 0)}, and 3 is needed (Linux 6.2)"
    return ""


@functools.cache
def isolation() -> str:
    """Return what stands between a student's code and this machine: ``confined``, or ``process`` where it must do."""
    return PROCESS if missing() else CONFINED


def set_limits(limits: Limits) -> None:
    """Bound memory, processor time, file size and core dumps of this process."""
    bounds = {
        resource.RLIMIT_CPU: limits.cpu_seconds,
        resource.RLIMIT_FSIZE: limits.file,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: 256,
    }
    if sys.platform == "linux":
        bounds[resource.RLIMIT_AS] = _mapped() + limits.memory
        if os.getuid() != 0:  # root is never counted
            bounds[resource.RLIMIT_NPROC] = _own_tasks() + limits.threads
    for kind, bound in bounds.items():
        resource.setrlimit(kind, (bound, bound))


def set_check_limits(limits: Limits) -> None:
    """Bound memory and processor time of this process, which reads what a student's functions return."""
    resource.setrlimit(resource.RLIMIT_CPU, (limits.check_seconds, limits.check_seconds))
    if sys.platform == "linux":
        memory = _mapped() + limits.check_memory
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _mapped() -> int:
    """Return how many bytes of addresses this process has."""
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[0]) * resource.getpagesize()


def confine(scratch: str) -> None:
    """Confine this process for good; ``scratch`` is the one folder that it may write."""
    try:
        rules = filter_of(os.getpid())
        _confine_files(scratch)
        _drop_capabilities()
        rules.load()
    except Exception as error:
        raise Fault(f"The confinement of the student's process does not start: {error}") from error


def _confine_files(scratch: str) -> None:
    from sandlock import Protection, Sandbox
    from sandlock import confine as restrict

    prefixes = {os.path.realpath(prefix) for prefix in (sys.prefix, sys.exec_prefix, sys.base_prefix)}
    readable = [path for path in (*sorted(prefixes), *SYSTEM_PATHS) if os.path.exists(path)]
    restrict(
        Sandbox(
            fs_readable=readable,
            fs_writable=[scratch],
            # The filter of system calls covers these four, so a kernel that lacks them is no weaker.
            allow_degraded=[
                Protection.NET_TCP,
                Protection.FS_IOCTL_DEV,
                Protection.SIGNAL_SCOPE,
                Protection.ABSTRACT_UNIX_SOCKET_SCOPE,
            ],
        )
    )


def _drop_capabilities() -> None:
    """Make root an ordinary user: who grades in a container often is root."""
    import ctypes

    version_3 = 0x20080522
    header, nothing = (ctypes.c_uint32 * 2)(version_3, 0), (ctypes.c_uint32 * 6)()
    if ctypes.CDLL(None, use_errno=True).capset(header, nothing) != 0:
        raise OSError(ctypes.get_errno(), "capabilities cannot be dropped")


@functools.cache
def prepare() -> Any:
    """Return the filter of system calls as far as it is the same for all workers: the zygote makes it once."""
    import errno

    import pyseccomp as seccomp

    rules = seccomp.SyscallFilter(seccomp.ERRNO(errno.EPERM))
    # 32-bit and x32 calls have other numbers: the filter kills the process that tries one.
    rules.set_attr(seccomp.Attr.ACT_BADARCH, seccomp.KILL_PROCESS)
    with contextlib.suppress(OSError):  # libseccomp before 2.5 asks for one call after the other
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
    """Return the filter of the worker with this process id; it is made once in a process, which is that worker."""
    import pyseccomp as seccomp

    rules = prepare()
    for name in ("tgkill", "sched_getaffinity"):
        _add(rules, seccomp.ALLOW, name, seccomp.Arg(0, seccomp.EQ, pid))
    return rules


def _add(rules: Any, action: int, call: str | int, *arguments: Any) -> None:
    """Add a rule; a call that this architecture or this libseccomp does not know cannot be made by name."""
    import pyseccomp as seccomp

    number = seccomp.resolve_syscall(seccomp.Arch.NATIVE, call) if isinstance(call, str) else call
    if number >= 0:
        rules.add_rule(action, number, *arguments)


def die_with_parent() -> None:
    """Let the kernel end this process when its parent ends, however that comes about."""
    if sys.platform == "linux":
        import ctypes

        sigkill = 9
        ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, sigkill)


def _own_tasks() -> int:
    """Return how many threads run for this user: RLIMIT_NPROC counts them all."""
    uid, tasks = os.getuid(), 0
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.stat(f"/proc/{name}").st_uid == uid:
                tasks += len(os.listdir(f"/proc/{name}/task"))
        except OSError:
            continue
    return tasks
