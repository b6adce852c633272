"""The rules of reinforcement fine-tuning, in the order of the headline."""
