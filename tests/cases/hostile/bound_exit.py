# attack: is os._exit itself
# expect: compute_grid=invalid|raised|crashed
import os

compute_grid = os._exit
