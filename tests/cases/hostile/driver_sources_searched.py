# attack: searches the sources of the drivers, which stand in the same file as the checks, for the checks
# expect: save_frames=wrong|raised|timeout
import gc

# Backwards, so that this file does not find itself: what the checks are imported with, and two of them.
MARKS = ["".join(reversed(mark)) for mark in ("noitcnuFtnedutS", "elif_eno_tset fed", "redro_ni_seman_tset fed")]


def save_frames(w_values, b_values, losses, path, directory):
    gc.unfreeze()
    for value in gc.get_objects():
        for inner in gc.get_referents(value):
            if type(inner) in (str, bytes) and len(inner) > 30:
                text = inner if type(inner) is str else inner.decode("latin-1")
                if any(mark in text for mark in MARKS):
                    raise RuntimeError("escaped: found a check in memory")
    return None
