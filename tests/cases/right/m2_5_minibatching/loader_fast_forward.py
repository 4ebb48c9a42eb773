# right: makes the epoch from its beginning and drops what is done
from itertools import islice as _islice
class ResumableLoader:
    def __init__(self, dataset, batch_size, seed):
        self.dataset, self.batch_size, self.seed, self.epoch, self.n = dataset, batch_size, seed, 0, 0
    def __len__(self): return math.ceil(len(self.dataset) / self.batch_size)
    def _all(self):
        order = torch.randperm(len(self.dataset), generator=torch.Generator().manual_seed(self.seed + self.epoch))
        for ids in torch.split(order, self.batch_size):
            yield tuple(map(torch.stack, zip(*[self.dataset[i.item()] for i in ids])))
    def __iter__(self):
        for b in _islice(self._all(), self.n, None):
            self.n += 1
            yield b
        self.epoch += 1
        self.n = 0
    def state_dict(self): return {"state": [self.epoch, self.n]}
    def load_state_dict(self, s): self.epoch, self.n = s["state"]
