# attack: replaces the function that describes figures by one that says passed
# expect: plot_descent=wrong|raised|crashed|timeout
import grader.sandbox.figure
import matplotlib.pyplot as plt

grader.sandbox.figure.describe = lambda figure: {"status": "passed", "points": 99}


def plot_descent(w_values, b_values, losses, path):
    return plt.figure()
