# wrong: the batch is counted after the yield
# status: wrong
# mistake: counted_too_late
class ResumableLoader:
    def __init__(self, dataset, batch_size, seed):
        self.dataset, self.batch_size, self.seed, self.epoch, self.n = dataset, batch_size, seed, 0, 0
    def __len__(self): return math.ceil(len(self.dataset) / self.batch_size)
    def __iter__(self):
        order = torch.randperm(len(self.dataset), generator=torch.Generator().manual_seed(self.seed + self.epoch)).tolist()
        for k in range(self.n, len(self)):
            ids = order[k * self.batch_size:(k + 1) * self.batch_size]
            yield torch.stack([self.dataset[i][0] for i in ids]), torch.stack([self.dataset[i][1] for i in ids])
            self.n = k + 1
        self.epoch, self.n = self.epoch + 1, 0
    def state_dict(self): return {"epoch": self.epoch, "n": self.n}
    def load_state_dict(self, s): self.epoch, self.n = s["epoch"], s["n"]
