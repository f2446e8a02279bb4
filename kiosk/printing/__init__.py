"""Paper: what stands on a slip, its bytes, and the printers that it goes to."""
