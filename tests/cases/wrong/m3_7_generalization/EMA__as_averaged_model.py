# wrong: the first value is copied, as torch's AveragedModel does
# status: wrong
# mistake: starts_with_the_first
# says: the first value has far more weight than its turn
class EMA:
    def __init__(self, params, decay):
        self.params, self.decay, self.shadow = list(params), decay, None
    @torch.no_grad()
    def update(self):
        if self.shadow is None:
            self.shadow = [p.detach().clone() for p in self.params]
        else:
            self.shadow = [self.decay * s + (1 - self.decay) * p for s, p in zip(self.shadow, self.params)]
    def average(self):
        return [s.clone() for s in self.shadow]
