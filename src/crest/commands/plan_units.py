"""Times and sizes as short text."""


def time_text(seconds: float) -> str:
    """Return a time in the unit that fits it.

    Example:
        >>> time_text(0), time_text(59.4), time_text(90), time_text(5400), time_text(200000)
        ('0 s', '59 s', '1.5 min', '1.5 h', '2.3 d')
    """
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.0f} s" if seconds >= 10 or seconds == 0 else f"{seconds:.1f} s"


def bytes_text(count: float) -> str:
    """Return a size in the unit that fits it, in powers of ten.

    Example:
        >>> bytes_text(12), bytes_text(1_234_567), bytes_text(2.5e9)
        ('12 B', '1.2 MB', '2.5 GB')
    """
    for size, unit in ((1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return f"{count:.0f} B"
