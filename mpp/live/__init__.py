"""The news: what is committed is told to screens; nothing is changed through a socket."""
