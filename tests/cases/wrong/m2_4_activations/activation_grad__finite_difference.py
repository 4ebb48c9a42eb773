# wrong: a central difference in float32.
# status: wrong
# mistake: smaller_step_in_float32
def activation_grad(name, z):
    h = 1e-5
    up, down = activation(name, z + h), activation(name, z - h)
    return (up - down) / (2 * h)
