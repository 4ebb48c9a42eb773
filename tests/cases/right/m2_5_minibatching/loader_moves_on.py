# right: stands at the next epoch as soon as the last batch is handed out
class ResumableLoader:
    def __init__(self, dataset, batch_size, seed):
        self.dataset, self.batch_size, self.seed, self.epoch, self.done = dataset, batch_size, seed, 0, 0
    def __len__(self): return -(-len(self.dataset) // self.batch_size)
    def __iter__(self):
        order = torch.randperm(len(self.dataset), generator=torch.Generator().manual_seed(self.seed + self.epoch)).tolist()
        start, total = self.done, len(self)
        for k in range(start, total):
            ids = order[k * self.batch_size:(k + 1) * self.batch_size]
            if k + 1 == total: self.epoch, self.done = self.epoch + 1, 0
            else: self.done = k + 1
            xs, ys = zip(*(self.dataset[i] for i in ids))
            yield torch.stack(list(xs)), torch.stack(list(ys))
    def state_dict(self): return {"epoch": self.epoch, "done": self.done, "seed": self.seed}
    def load_state_dict(self, state): self.epoch, self.done = state["epoch"], state["done"]
