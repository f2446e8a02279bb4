"""The JSON API: it translates requests into actions and queries, and never decides."""
