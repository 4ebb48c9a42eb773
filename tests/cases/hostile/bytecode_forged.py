# attack: runs bytecode that no compiler makes
# expect: compute_grid=crashed|raised|wrong|timeout|todo
def compute_grid(x, y, w_values, b_values):
    pass


compute_grid.__code__ = compute_grid.__code__.replace(co_code=b"\xff\xff\x64\xff" * 64, co_stacksize=0, co_consts=())
