"""The checking page as one file, for bundles and for whoever prints its digest.

It is made of the service's own modules (:mod:`api.pages.offline`). Where the service's libraries are not installed a bundle
goes without: pages are no evidence.
"""

from importlib.util import find_spec


def pages() -> dict[str, bytes]:
    """The files by their names in a bundle."""
    if find_spec("fastapi") is None:
        return {}
    from api.pages import offline

    return offline.files()
