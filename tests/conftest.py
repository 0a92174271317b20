from hypothesis import settings

# Machines differ in speed, and a slow one is no fault of the code.
settings.register_profile("crest", deadline=None)
settings.load_profile("crest")
