"""The news: what is committed is told to screens; nothing is changed through a socket."""

import mpp.live.sockets  # noqa: F401 (first of all: what its libraries look for is left out only once)
