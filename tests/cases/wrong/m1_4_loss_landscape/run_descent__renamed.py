# wrong: the function has another name.
# status: invalid
# mistake: none
gradient_descent_steps = run_descent  # noqa: F821
del run_descent  # noqa: F821
