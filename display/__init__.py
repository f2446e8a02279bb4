"""The lobby screens of the mall: the board page, its voice, and the look that all faces share."""
