# attack: returns objects whose class and metaclass claim to be a list, a tuple and a dict, and are none
# expect: run_descent=wrong|raised
class Family(type):
    def __instancecheck__(cls, instance):
        return True

    def __subclasscheck__(cls, other):
        return True

    def mro(cls):
        return [cls, object]

    __mro__ = property(lambda cls: (cls, list, tuple, dict, object))


class Path(metaclass=Family):
    __class__ = list

    def __iter__(self):
        return iter([(0.0, 0.0)] * 10**6)

    def items(self):
        return [("end", "returned")]


def run_descent(x, y, w_start, b_start, lr, steps):
    return Path()
