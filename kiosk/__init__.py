"""The kiosk: touch pages on the box with the printer, and the slip that comes out of it."""

VERSION = "0.1.0"
