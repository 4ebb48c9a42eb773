# wrong: counts in a dict and returns it
# status: wrong
# mistake: live_state
class ResumableLoader:
    def __init__(self, dataset, batch_size, seed):
        self.dataset, self.batch_size, self.seed = dataset, batch_size, seed
        self.s = {"epoch": 0, "n": 0}
    def __len__(self): return math.ceil(len(self.dataset) / self.batch_size)
    def __iter__(self):
        order = torch.randperm(len(self.dataset), generator=torch.Generator().manual_seed(self.seed + self.s["epoch"])).tolist()
        for k in range(self.s["n"], len(self)):
            self.s["n"] = k + 1
            ids = order[k * self.batch_size:(k + 1) * self.batch_size]
            yield torch.stack([self.dataset[i][0] for i in ids]), torch.stack([self.dataset[i][1] for i in ids])
        self.s["epoch"] += 1
        self.s["n"] = 0
    def state_dict(self): return self.s
    def load_state_dict(self, s): self.s = s
