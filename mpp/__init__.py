"""The server of a Mal Pelayanan Publik: its queues, its calls, its screens."""

VERSION = "0.1.0"
OLDEST_CLIENT = "0.1.0"
