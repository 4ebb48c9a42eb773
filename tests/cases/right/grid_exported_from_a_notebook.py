# right: exported from a notebook, whose commands are still there.
get_ipython().system('pip install torch')
get_ipython().run_line_magic('matplotlib', 'inline')
# In[1]:
from torch import Tensor
# In[2]:
def compute_grid(x: Tensor, y: Tensor, w_values: Tensor, b_values: Tensor) -> Tensor:
    prediction = w_values[:, None, None] * x + b_values[:, None]
    return ((y - prediction) ** 2).mean(-1)
