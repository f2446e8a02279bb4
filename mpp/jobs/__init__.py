"""What happens at its time without anybody asking: the jobs, and the one process that runs them."""
