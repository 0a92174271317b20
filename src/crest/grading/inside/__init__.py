"""What runs on the far side of the jail: these files import the standard library and each other.

Heap is fork cost and every import stays visible to the program under test, so nothing of the
rest of the package is loaded there. `zygote.py` finds its neighbours by their file names.
"""
