# attack: gives up the addresses of libraries that it does not need, and takes memory of its own for them
# expect: compute_grid=crashed
import ctypes
import mmap

libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long
libc.munmap.argtypes = ctypes.c_void_p, ctypes.c_size_t
SIZE, NOWHERE = 2**26, 2**64 - 1
PRIVATE = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
UNNEEDED = b"cuda", b"cudnn", b"cublas", b"cufft", b"cusolver", b"cusparse", b"nccl", b"nvrtc", b"nvshmem", b"nvJit"


class Segment(ctypes.Structure):
    _fields_ = [("kind", ctypes.c_uint32), ("flags", ctypes.c_uint32)] + [
        (name, ctypes.c_uint64) for name in ("offset", "address", "physical", "in_file", "size", "align")
    ]


class Library(ctypes.Structure):
    _fields_ = [
        ("base", ctypes.c_uint64),
        ("name", ctypes.c_char_p),
        ("segments", ctypes.POINTER(Segment)),
        ("number", ctypes.c_uint16),
    ]


found = []


@ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(Library), ctypes.c_size_t, ctypes.c_void_p)
def note(library, _size, _data):
    library = library[0]
    if any(word in library.name for word in UNNEEDED):
        segments = [library.segments[number] for number in range(library.number)]
        found.extend((library.base + each.address, each.size) for each in segments if each.kind == 1)
    return 0


libc.dl_iterate_phdr(note, None)


def compute_grid(x, y, w_values, b_values):
    given_up = 0
    for start, size in found:
        first, last = start + (-start % mmap.PAGESIZE), (start + size) // mmap.PAGESIZE * mmap.PAGESIZE
        if last > first and libc.munmap(first, last - first) == 0:
            given_up += last - first
    taken = 0
    while True:
        address = libc.mmap(None, SIZE, mmap.PROT_READ | mmap.PROT_WRITE, PRIVATE, -1, 0)
        if address in (None, NOWHERE):
            break
        ctypes.memset(address, 1, SIZE)
        taken += SIZE
    if taken > 1.2 * 2**30:
        raise RuntimeError(f"escaped: holds {taken // 2**20} MiB, for {given_up // 2**20} MiB of libraries")
    raise MemoryError(f"not more than {taken // 2**20} MiB")
