"""What the operating system forbids a student's process: files, network, processes, signals and excess.

Landlock (through sandlock) guards files: only the interpreter's prefixes and the system's libraries can be read, only
one empty scratch folder can be written, and there is no /proc. It does not stop UDP, fork, exec, or a change of a
file's mode or owner: a seccomp filter does. Both need Linux; elsewhere the worker is a plain process with limits,
and every report says so.
"""

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

FORBIDDEN_CALLS = {
    "network": ("socket socketpair connect bind listen accept accept4 sendmmsg recvmmsg"),
    "processes": (
        "fork vfork execve execveat ptrace process_vm_readv process_vm_writev process_madvise kcmp setsid setpgid"
        " pidfd_open pidfd_getfd pidfd_send_signal kill tkill rt_sigqueueinfo rt_tgsigqueueinfo"
        " setpriority ioprio_set sched_setaffinity sched_setscheduler sched_setparam sched_setattr"
    ),
    "files beyond Landlock's reach": (
        "chmod fchmod fchmodat chown fchown lchown fchownat setxattr lsetxattr fsetxattr removexattr"
        " lremovexattr fremovexattr utime utimes futimesat utimensat mknod mknodat name_to_handle_at"
        " open_by_handle_at fanotify_init inotify_init inotify_init1 flock"
    ),
    "namespaces and mounts": (
        "unshare setns mount umount2 pivot_root chroot move_mount open_tree fsopen fsconfig fsmount fspick"
        " mount_setattr swapon swapoff quotactl acct"
    ),
    "shared memory and keys": (
        "shmget shmat shmctl semget semop semctl semtimedop msgget msgsnd msgrcv msgctl mq_open mq_unlink"
        " add_key request_key keyctl"
    ),
    "the kernel": (
        "bpf perf_event_open userfaultfd io_uring_setup io_uring_enter io_uring_register init_module finit_module"
        " delete_module kexec_load kexec_file_load reboot sethostname setdomainname settimeofday clock_settime"
        " clock_adjtime adjtimex iopl ioperm syslog personality lookup_dcookie vhangup"
    ),
}
"""System calls that answer "operation not permitted", by what they would reach."""

UNKNOWN_CALLS = range(451, 512)
"""Calls younger than this list (fchmodat2 is the first); numbers above 424 are the same on every architecture."""

_OWNER_REQUESTS = (8, 10, 15)
"""F_SETOWN, F_SETSIG, F_SETOWN_EX."""
_LOCK_REQUESTS = (6, 7, 37, 38, 1024, 1026)
"""F_SETLK, F_SETLKW, F_OFD_SETLK, F_OFD_SETLKW, F_SETLEASE, F_NOTIFY."""
_SET_DEATH_SIGNAL = 1
"""PR_SET_PDEATHSIG."""
_IOCTL_REQUESTS = (0x8901, 0x8902, 0x5452, 0x5412, 0x40086602, 0x401C5820)
"""FIOSETOWN, SIOCSPGRP, FIOASYNC, TIOCSTI, FS_IOC_SETFLAGS, FS_IOC_FSSETXATTR."""


@dataclass(frozen=True)
class Limits:
    """What a worker may use; the memory is beyond what torch itself has mapped before the student's file is read."""

    memory: int = 1024 * MIB
    file: int = 16 * MIB
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
        with open("/proc/self/statm") as statm:
            mapped = int(statm.read().split()[0]) * resource.getpagesize()
        bounds[resource.RLIMIT_AS] = mapped + limits.memory
        if os.getuid() != 0:  # root is never counted
            bounds[resource.RLIMIT_NPROC] = _own_tasks() + limits.threads
    for kind, bound in bounds.items():
        resource.setrlimit(kind, (bound, bound))


def confine(scratch: str) -> None:
    """Confine this process for good; ``scratch`` is the one folder that it may write."""
    try:
        rules = prepare()
        _confine_files(scratch)
        _drop_capabilities()
        _confine_calls(rules)
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

    rules = seccomp.SyscallFilter(seccomp.ALLOW)
    denied = seccomp.ERRNO(errno.EPERM)
    # 32-bit and x32 calls have other numbers: the filter kills the process that tries one.
    rules.set_attr(seccomp.Attr.ACT_BADARCH, seccomp.KILL_PROCESS)
    for names in FORBIDDEN_CALLS.values():
        for name in names.split():
            _forbid(rules, denied, name)
    clone_thread = 0x00010000
    rules.add_rule(denied, "clone", seccomp.Arg(0, seccomp.MASKED_EQ, clone_thread, 0))
    # glibc falls back to clone, whose flags a filter can read, only on "no such system call".
    no_such_call = seccomp.ERRNO(errno.ENOSYS)
    _forbid(rules, no_such_call, "clone3")
    for number in UNKNOWN_CALLS:
        rules.add_rule(no_such_call, number)
    # Limits can be read, and those of this process only: root could raise them again.
    rules.add_rule(denied, "prlimit64", seccomp.Arg(0, seccomp.NE, 0))
    rules.add_rule(denied, "prlimit64", seccomp.Arg(2, seccomp.NE, 0))
    _forbid(rules, denied, "setrlimit")
    # A descriptor with another owner makes the kernel send signals for us. A file that may be read may be locked, and
    # other programs wait for it: uv for the lock of the environment. A worker that forgets its death signal, which is
    # set by now, outlives a grader that is killed.
    for name, position, requests in (
        ("fcntl", 1, (*_OWNER_REQUESTS, *_LOCK_REQUESTS)),
        ("ioctl", 1, _IOCTL_REQUESTS),
        ("prctl", 0, (_SET_DEATH_SIGNAL,)),
    ):
        for request in requests:
            rules.add_rule(denied, name, seccomp.Arg(position, seccomp.MASKED_EQ, 0xFFFFFFFF, request))
    return rules


def _confine_calls(rules: Any) -> None:
    import errno

    import pyseccomp as seccomp

    rules.add_rule(seccomp.ERRNO(errno.EPERM), "tgkill", seccomp.Arg(0, seccomp.NE, os.getpid()))
    rules.load()


def _forbid(rules: Any, action: int, name: str) -> None:
    """Add a rule; a call that this architecture or this libseccomp does not know cannot be made by name."""
    import pyseccomp as seccomp

    try:
        number = seccomp.resolve_syscall(seccomp.Arch.NATIVE, name)
    except OSError:
        return
    rules.add_rule(action, number)


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
