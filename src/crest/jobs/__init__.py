"""One module a rule: read the inputs, call one function, write the outputs.

A job that `python -m` starts imports its libraries without garbage collection, which finds nothing
to free there and takes a fifth of its start; `_job.job` ends that.
"""

import gc
import sys

if sys.argv[0] == "-m":  # so it is while Python looks for the module to run
    gc.disable()
