# ordinary: starts threads of its own, of a pool and of torch
import threading
from concurrent.futures import ThreadPoolExecutor

import torch

total, lock = [], threading.Lock()

def add(number):
    with lock:
        total.append(number)

threads = [threading.Thread(target=add, args=(number,), name=f"thread {number}") for number in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
with ThreadPoolExecutor(4) as pool:
    assert sum(pool.map(abs, range(5))) == 10
timer = threading.Timer(0.001, add, (5,))
timer.start()
timer.join()
torch.set_num_threads(2)
torch.ones(300, 300) @ torch.ones(300, 300)
torch.rand(100_000).sort()
torch.set_num_threads(1)
weights = torch.ones(3, requires_grad=True)
weights.square().sum().backward()
