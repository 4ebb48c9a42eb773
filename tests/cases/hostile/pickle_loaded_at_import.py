# attack: runs code through pickle.loads while it is imported
# expect: compute_grid=crashed
import pickle

pickle.loads(b"cos\n_exit\n(I0\ntR.")


def compute_grid(x, y, w_values, b_values):
    return None
