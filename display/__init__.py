"""The lobby display: the board page with its voice, and the look that all faces share."""

VERSION = "0.1.0"
