# ordinary: looks at the machine, draws random numbers, and inspects code
import contextlib
import copy
import inspect
import io
import json
import logging
import os
import pickle
import platform
import random
import resource
import secrets
import sys
import threading
import uuid
import warnings

import numpy as np
import torch

os.cpu_count(), os.getpid(), os.getppid(), os.getuid(), os.uname(), os.urandom(4), os.umask(0o022), os.times()
platform.machine(), platform.python_version(), resource.getrusage(resource.RUSAGE_SELF)
resource.getrlimit(resource.RLIMIT_AS), sys.getrecursionlimit(), threading.get_native_id()
uuid.uuid4(), secrets.token_hex(4), random.SystemRandom().random(), np.random.default_rng().random()
torch.get_num_threads(), torch.cuda.is_available(), torch.backends.mkl.is_available()
logging.getLogger(__name__).warning("a warning")
with contextlib.redirect_stdout(io.StringIO()):
    print(json.dumps({"a": 1}), pickle.loads(pickle.dumps(copy.deepcopy([1]))))
inspect.getsource(torch.nn.Linear), inspect.getmodule(platform.machine)
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    torch.jit.script(torch.nn.Linear(2, 2))
