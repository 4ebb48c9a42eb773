# wrong: it looks at its data when it is loaded, and there is no such key.
# status: raised
# mistake: none
# says: Your code printed: the keys are ['x', 'y']
data = {"x": [0.0, 1.0], "y": [1.0, 3.0]}
print("the keys are", list(data))
values = data["X"]
