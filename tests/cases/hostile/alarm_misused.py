# attack: cancels every alarm and ignores every signal, and then loops for ever
# expect: compute_grid=timeout
import contextlib
import signal


def compute_grid(x, y, w_values, b_values):
    for number in signal.valid_signals():
        with contextlib.suppress(OSError, ValueError):
            signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    for timer in (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF):
        signal.setitimer(timer, 0)
    while True:
        signal.alarm(0)
