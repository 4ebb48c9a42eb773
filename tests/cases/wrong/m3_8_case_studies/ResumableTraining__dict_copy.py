# wrong: a new dict with the tensors that the next step changes
# status: wrong
# mistake: shallow_copy
# says: A deep copy copies tensors too
class ResumableTraining(_Training):
    def __init__(self, seed: int) -> None:
        super().__init__(seed)

    def state_dict(self):
        return {
            "net": self.model.state_dict().copy(),
            "adam": self.optimizer.state_dict().copy(),
            "cosine": self.schedule.state_dict().copy(),
            "random": self.generator.get_state(),
            "left": self.left.copy(),
        }

    def load_state_dict(self, state):
        state = copy.deepcopy(state)
        self.model.load_state_dict(state["net"])
        self.optimizer.load_state_dict(state["adam"])
        self.schedule.load_state_dict(state["cosine"])
        self.generator.set_state(state["random"])
        self.left = state["left"]
