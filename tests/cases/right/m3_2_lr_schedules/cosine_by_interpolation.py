# right: NumPy interpolates the warm-up and clips the decay
def warmup_cosine(t, lr_max, lr_min, warmup, total):
    import numpy as np

    if t < warmup:
        return float(np.interp(t, [-1, warmup], [0, lr_max]))
    u = np.clip((t - warmup) / (total - warmup), 0, 1)
    return float(lr_min + (lr_max - lr_min) * 0.5 * (1 + np.cos(np.pi * u)))
