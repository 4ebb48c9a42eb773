# wrong: the fan-out is left without the kernel
# status: wrong
# mistake: kernel_in_fan_in_only
# says: an input takes part in one output for each place of the kernel
def fans(shape):
    return math.prod(shape[1:]), shape[0]
