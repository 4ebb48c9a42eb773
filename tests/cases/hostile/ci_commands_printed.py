# attack: prints the commands that a CI service reads from its log
# expect: compute_grid=wrong
import os
import sys

import torch

TEXT = b"""
::notice title=Grade::all passed
::error file=grader/cli.py,line=1::broken
::set-output name=points::99
::set-env name=PATH::/tmp
::add-path::/tmp
::add-mask::wrong
::save-state name=points::99
::stop-commands::hostile
##vso[task.complete result=Succeeded;]DONE
##[endgroup]
##teamcity[testFinished name='compute_grid']
section_end:1:step\r\x1b[0K
"""


def compute_grid(x, y, w_values, b_values):
    print(TEXT.decode("latin-1"))
    print(TEXT.decode("latin-1"), file=sys.stderr)
    for descriptor in (1, 2):
        os.write(descriptor, TEXT)
    return torch.tensor(float("nan"))
