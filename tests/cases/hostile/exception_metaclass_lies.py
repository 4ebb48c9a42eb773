# attack: raises an exception whose class answers every question about itself by exiting
# expect: compute_grid=raised|crashed
class Meta(type):
    def __getattribute__(cls, name):
        raise SystemExit(0)

    def __instancecheck__(cls, value):
        return True

    def __repr__(cls):
        raise SystemExit(0)


class Hidden(Exception, metaclass=Meta):
    def __getattribute__(self, name):
        raise SystemExit(0)


def compute_grid(x, y, w_values, b_values):
    raise Hidden
