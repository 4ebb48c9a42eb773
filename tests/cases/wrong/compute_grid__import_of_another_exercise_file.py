# wrong: it imports a function of another lesson, whose file is not there when this one is graded.
# status: raised
# mistake: none
# says: Each file is graded alone, without those of other lessons.
from exercises.m1_1_training_loop import best_constant
