# attack: raises with escape sequences that set a title, fill the clipboard, clear the screen and turn the text around, for a picture that is shown without a look at them
# expect: compute_grid=raised run_descent=invalid fixed_bias_slice=invalid
def compute_grid(x, y, w_values, b_values):
    raise ValueError("\x1b]0;PWNED\x07\x1b]52;c;cm0gLXJmIH4=\x07\x1b[2J\u202eturned")
