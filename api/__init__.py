"""The HTTP service of Mingzhang."""
