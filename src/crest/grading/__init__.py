"""Judge programs that may do anything, by running them in a jail and comparing what they return."""

from crest.grading.cache import VerdictCache
from crest.grading.grader import Grader
from crest.grading.limits import GradingLimits
from crest.grading.sandbox import SandboxError, SandboxLevel, probe
from crest.grading.version import grader_version

__all__ = [
    "Grader",
    "GradingLimits",
    "SandboxError",
    "SandboxLevel",
    "VerdictCache",
    "grader_version",
    "probe",
]
