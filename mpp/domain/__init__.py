"""What is true in a mall: nouns, states, rules."""
