# ordinary: sleeps, measures time, and takes signals
import datetime
import os
import select
import signal
import time

time.sleep(0.001)
time.time(), time.monotonic(), time.perf_counter(), time.process_time(), time.thread_time(), time.localtime()
time.get_clock_info("monotonic"), datetime.datetime.now().astimezone()
previous = signal.signal(signal.SIGALRM, lambda *_: None)
signal.setitimer(signal.ITIMER_REAL, 0.001)
time.sleep(0.002)
signal.signal(signal.SIGALRM, previous)
signal.signal(signal.SIGUSR1, lambda *_: None)
signal.raise_signal(signal.SIGUSR1)
reading, writing = os.pipe()
os.write(writing, b"x")
select.select([reading], [], [], 0), select.poll()
os.close(reading), os.close(writing)
