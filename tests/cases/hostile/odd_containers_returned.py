# attack: returns sets, views, deques, ranges, arrays and other containers in turn
# expect: compute_grid=wrong
import array
import collections
import types

ODD = [
    {1.0},
    frozenset(),
    range(10**18),
    bytearray(9),
    memoryview(b"9"),
    array.array("d", [0.0]),
    {}.keys(),
    collections.deque(),
    collections.UserList([0.0]),
    collections.ChainMap(),
    types.MappingProxyType({}),
    types.SimpleNamespace(),
    collections.defaultdict(list),
    iter([]),
    slice(None),
    b"",
    "",
    {},
]


def compute_grid(x, y, w_values, b_values):
    ODD.append(ODD.pop(0))
    return ODD[0]
