# attack: puts a number, a text and a module under the names of the exercises
# expect: compute_grid=invalid run_descent=invalid fixed_bias_slice=invalid
import math

compute_grid = 99
run_descent = "passed"
fixed_bias_slice = math
