# wrong: asking for the average stores the corrected values
# status: wrong
# mistake: correction_stored
# says: Return the corrected values and keep the raw
class EMA:
    def __init__(self, params, decay):
        self.params, self.decay, self.t = list(params), decay, 0
        self.a = [torch.zeros(p.shape) for p in self.params]
    def update(self):
        self.t += 1
        self.a = [torch.lerp(p.detach(), a, self.decay) for a, p in zip(self.a, self.params)]
    def average(self):
        self.a = [a / (1 - self.decay**self.t) for a in self.a]
        return [a.clone() for a in self.a]
