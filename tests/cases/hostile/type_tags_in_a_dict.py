# attack: returns dicts with the keys that encoders use as type tags
# expect: compute_grid=wrong
TAGS = [
    {"_type": "np_scalar", "_concrete_type": "loadtxt", "_value": "/etc/passwd"},
    {"__type__": "tensor", "data": [[0.0]], "dtype": "float64", "shape": [1, 1]},
    {"py/object": "os._exit", "py/reduce": [{"py/function": "os._exit"}, [0]]},
    {"__class__": "torch.Tensor", "__reduce__": ["os._exit", [0]]},
    {"$type": "ExtType", "code": 1, "data": ""},
]


def compute_grid(x, y, w_values, b_values):
    TAGS.append(TAGS.pop(0))
    return TAGS[0]
