# attack: puts an object that equals everything under the name of an exercise
# expect: compute_grid=invalid
class Yes:
    def __eq__(self, other):
        return True

    def __getattr__(self, name):
        return self

    __hash__ = None


compute_grid = Yes()
