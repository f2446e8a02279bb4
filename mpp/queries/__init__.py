"""What screens read: plain rows, in a number of questions that does not grow with the rows."""
