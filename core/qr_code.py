"""A text as a QR code, for both faces (ISO/IEC 18004)."""

QUIET_ZONE = 4  # modules around the code that stay light, so that a camera finds its edge

# Rows of modules; True is dark.
Modules = tuple[tuple[bool, ...], ...]


def qr_modules(text: str) -> Modules:
    """The modules of the QR code of a text, without its quiet zone; it is always a square."""
    import segno  # imported late, since only a sign-in on another device needs it

    code = segno.make(text, error="m", micro=False, boost_error=False)
    return tuple(tuple(map(bool, row)) for row in code.matrix)
