# wrong: the name belongs to a text.
# status: invalid
# mistake: none
fixed_bias_slice = "to do"
