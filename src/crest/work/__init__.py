"""Work folders: what a killed job needs to go on, entry by entry, each with its checksums."""

from crest.work.folder import ROOT, SET_ASIDE, Work, in_use, lock_of, open_work
from crest.work.identity import Identity, identity_of
from crest.work.kept import Kept
from crest.work.lock import InUseError, locked

__all__ = [
    "ROOT",
    "SET_ASIDE",
    "Identity",
    "InUseError",
    "Kept",
    "Work",
    "identity_of",
    "in_use",
    "lock_of",
    "locked",
    "open_work",
]
