# attack: is a callable whose signature is never finished
# expect: compute_grid=timeout|invalid
class Callable:
    @property
    def __signature__(self):
        while True:
            pass

    def __call__(self, *args):
        while True:
            pass


compute_grid = Callable()
