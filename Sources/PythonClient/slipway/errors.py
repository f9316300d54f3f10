"""What can go wrong between a process and the code store, each with what to do about it."""


class SlipwayError(Exception):
    """Any refusal of the client; its text says what is wrong and what to do next."""


class ConfigurationError(SlipwayError):
    """The call, an environment variable or the command line cannot be used."""


class UnreachableError(SlipwayError):
    """The server did not answer, or broke off: trying again later may help."""


class RefusedError(SlipwayError):
    """The server answered, and said no to this token or this request."""


class NoReleaseError(SlipwayError):
    """The unit, or its channel, has nothing to run yet."""


class IntegrityError(SlipwayError):
    """Bytes are not what their digest says; they were not used."""


class StalePointerError(IntegrityError):
    """The server named an older promotion than one this node has already seen."""


class BrokenReleaseError(SlipwayError):
    """A release that does not compile or import; the last good one stays."""


class CacheError(SlipwayError):
    """The local cache folder cannot be used."""
