# right: an iterator of its own, which counts samples
class _It:
    def __init__(self, loader): self.l = loader; self.order = loader.order()
    def __iter__(self): return self
    def __next__(self):
        l = self.l
        ids = self.order[l.pos: l.pos + l.batch_size]
        if not ids:
            l.epoch += 1; l.pos = 0
            raise StopIteration
        l.pos += len(ids)
        return torch.stack([l.dataset[i][0] for i in ids]), torch.stack([l.dataset[i][1] for i in ids])
class ResumableLoader:
    def __init__(self, dataset, batch_size, seed):
        self.dataset, self.batch_size, self.seed, self.epoch, self.pos = dataset, batch_size, seed, 0, 0
    def order(self):
        return torch.randperm(len(self.dataset), generator=torch.Generator().manual_seed(self.seed + self.epoch)).tolist()
    def __len__(self): return math.ceil(len(self.dataset) / self.batch_size)
    def __iter__(self): return _It(self)
    def state_dict(self): return {"epoch": self.epoch, "pos": self.pos}
    def load_state_dict(self, s): self.epoch, self.pos = s["epoch"], s["pos"]
