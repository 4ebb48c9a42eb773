# wrong: the place of the schedule is not saved
# status: wrong
# mistake: schedule_forgotten
# says: The state of the schedule belongs to the checkpoint
class ResumableTraining(_Training):
    def __init__(self, seed: int) -> None:
        super().__init__(seed)

    def state_dict(self):
        kept = [self.model.state_dict(), self.optimizer.state_dict(), self.generator.get_state(), self.left]
        return {"kept": copy.deepcopy(kept)}

    def load_state_dict(self, state):
        model, optimizer, drawn, left = copy.deepcopy(state["kept"])
        self.model.load_state_dict(model)
        self.optimizer.load_state_dict(optimizer)
        self.generator.set_state(drawn)
        self.left = left
