# attack: is no Python, in a line that holds escape sequences and markup
# expect: compute_grid=invalid
def compute_grid(x, y, w_values, b_values):
    return "[2J]0;passed <script>alert(1)</script> ]]> ::error::‮2J" return
