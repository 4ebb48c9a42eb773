# wrong: the state is the number of the epoch alone
# status: wrong
# mistake: place_not_kept
# says: the epoch starts over
class ResumableLoader:
    def __init__(self, dataset, batch_size, seed):
        self.dataset, self.batch_size, self.seed, self.epoch = dataset, batch_size, seed, 0
    def __len__(self): return math.ceil(len(self.dataset) / self.batch_size)
    def __iter__(self):
        order = torch.randperm(len(self.dataset), generator=torch.Generator().manual_seed(self.seed + self.epoch)).tolist()
        for k in range(len(self)):
            ids = order[k * self.batch_size:(k + 1) * self.batch_size]
            yield torch.stack([self.dataset[i][0] for i in ids]), torch.stack([self.dataset[i][1] for i in ids])
        self.epoch += 1
    def state_dict(self): return {"epoch": self.epoch}
    def load_state_dict(self, s): self.epoch = s["epoch"]
