"""What people and devices do: one function, one transaction, one thing."""
