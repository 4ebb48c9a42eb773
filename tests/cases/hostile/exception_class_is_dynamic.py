# attack: raises instances whose class changes while they are looked at
# expect: compute_grid=raised|crashed
class First(Exception):
    def __str__(self):
        self.__class__ = Second
        return "first"


class Second(Exception):
    def __str__(self):
        self.__class__ = First
        raise self


def compute_grid(x, y, w_values, b_values):
    raise First()
